data "aws_iam_policy_document" "search" {
  statement {
    sid       = "ReadRanges"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::northwind-shop-media/ranges/*"]
  }

  statement {
    sid       = "ListRanges"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::northwind-shop-media/ranges/*"]
  }
}

resource "aws_iam_role_policy" "search" {
  name   = "media"
  role   = "shop-search"
  policy = data.aws_iam_policy_document.search.json
}
