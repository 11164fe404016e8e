data "aws_caller_identity" "current" {}

locals {
  secret_arns = {
    for name, secrets in { triage = var.triage_secrets, slack = var.slack_secrets } :
    name => distinct([for arn in values(secrets) : regex("^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:[^:]+", arn)])
  }

  # What each function calls, action by action: test/deploy holds this list to the calls in the code.
  allowed = {
    alert = [
      {
        sid       = "Cases"
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"]
        resources = [aws_dynamodb_table.cases.arn]
      },
      {
        sid       = "WakeUps"
        actions   = ["sqs:SendMessage"]
        resources = [aws_sqs_queue.this["wake"].arn]
      },
      {
        sid       = "Source"
        actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        resources = [aws_sqs_queue.this["alerts"].arn]
      },
    ]
    triage = [
      {
        sid       = "Cases"
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"]
        resources = [aws_dynamodb_table.cases.arn]
      },
      {
        sid       = "WakeUps"
        actions   = ["sqs:SendMessage"]
        resources = [aws_sqs_queue.this["wake"].arn]
      },
      {
        sid       = "Source"
        actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
        resources = [aws_sqs_queue.this["wake"].arn]
      },
      {
        sid       = "Secrets"
        actions   = ["secretsmanager:GetSecretValue"]
        resources = local.secret_arns.triage
      },
      {
        sid       = "Sign"
        actions   = ["kms:Sign", "kms:GetPublicKey"]
        resources = var.signing_key_arn == null ? [] : [var.signing_key_arn]
      },
      {
        sid       = "Metrics"
        actions   = ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"]
        resources = var.read_metrics ? ["*"] : []
      },
      {
        sid       = "Prometheus"
        actions   = ["aps:QueryMetrics"]
        resources = var.prometheus_workspace_arns
      },
      {
        sid       = "OpenSearch"
        actions   = ["es:ESHttpGet", "es:ESHttpPost"]
        resources = [for arn in var.opensearch_domain_arns : "${arn}/*"]
      },
      {
        sid       = "Model"
        actions   = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
        resources = var.bedrock_model_arns
      },
    ]
    slack = [
      {
        sid       = "Cases"
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"]
        resources = [aws_dynamodb_table.cases.arn]
      },
      {
        sid       = "WakeUps"
        actions   = ["sqs:SendMessage"]
        resources = [aws_sqs_queue.this["wake"].arn]
      },
      {
        sid       = "Secrets"
        actions   = ["secretsmanager:GetSecretValue"]
        resources = local.secret_arns.slack
      },
    ]
  }
}

resource "aws_iam_role" "this" {
  for_each = local.functions

  name                 = "${var.name}-${each.key}"
  description          = "What the ${each.key} function of ${var.name} may do"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.functions

  name = "own"
  role = aws_iam_role.this[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for one in local.allowed[each.key] : {
        Sid      = one.sid
        Effect   = "Allow"
        Action   = one.actions
        Resource = one.resources
      } if length(one.resources) > 0],
      [{
        Sid      = "OwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
      }],
    )
  })
}
