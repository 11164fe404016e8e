data "aws_iam_policy_document" "catalogue" {
  statement {
    sid       = "ReadPages"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::northwind-shop-media/pages/*"]
  }
}

resource "aws_iam_role_policy" "catalogue" {
  name   = "media"
  role   = "shop-catalogue"
  policy = data.aws_iam_policy_document.catalogue.json
}
