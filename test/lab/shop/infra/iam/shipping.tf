data "aws_iam_policy_document" "shipping" {
  statement {
    sid       = "ReadLabelTemplates"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::northwind-shop-media/labels/templates/*"]
  }
}

resource "aws_iam_role_policy" "shipping" {
  name   = "media"
  role   = "shop-shipping"
  policy = data.aws_iam_policy_document.shipping.json
}
