locals {
  has_slack = var.packages.slack != null

  # Seconds. A message stays invisible for six times as long as the function that it is handed to may take.
  timeouts = { alert = 30, triage = 900, slack = 10 }

  memory_sizes = { alert = 512, triage = var.triage_memory_size, slack = 512 }

  functions = { for name, package in var.packages : name => package if package != null }

  common_environment = {
    ONCALL_CASES_TABLE    = aws_dynamodb_table.cases.name
    ONCALL_WAKE_QUEUE_URL = aws_sqs_queue.this["wake"].url
    ONCALL_KEEP_DAYS      = tostring(var.keep_days)
    ONCALL_MODE           = var.mode
  }

  environments = {
    alert = merge(local.common_environment, { ONCALL_CATALOG = var.catalog_path })
    triage = merge(
      local.common_environment,
      { ONCALL_CATALOG = var.catalog_path },
      var.signing_key_arn == null ? {} : { ONCALL_SIGNING_KMS_KEY = var.signing_key_arn },
      var.triage_environment,
      { for variable, arn in var.triage_secrets : "${variable}_ARN" => arn },
    )
    slack = merge(
      local.common_environment,
      var.slack_environment,
      { for variable, arn in var.slack_secrets : "${variable}_ARN" => arn },
    )
  }

  # The queue that feeds a function, and how many of its batches at once.
  sources = {
    alert  = { queue = "alerts", batch_size = 10, maximum_concurrency = var.alert_maximum_concurrency }
    triage = { queue = "wake", batch_size = 1, maximum_concurrency = var.triage_maximum_concurrency }
  }

  queues = { alerts = local.timeouts.alert, wake = local.timeouts.triage }
}

################################################################################
# Cases
################################################################################

resource "aws_dynamodb_table" "cases" {
  name         = "${var.name}-cases"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "partition"
  range_key    = "sort"

  attribute {
    name = "partition"
    type = "S"
  }

  attribute {
    name = "sort"
    type = "S"
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled = true
  }

  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = var.tags
}

################################################################################
# Queues
################################################################################

resource "aws_sqs_queue" "dead_letters" {
  for_each = local.queues

  name                      = "${var.name}-${each.key}-dead-letters"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
  tags                      = var.tags
}

resource "aws_sqs_queue" "this" {
  for_each = local.queues

  name                       = "${var.name}-${each.key}"
  visibility_timeout_seconds = each.value * 6
  message_retention_seconds  = 345600
  sqs_managed_sse_enabled    = true
  tags                       = var.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters[each.key].arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "this" {
  for_each = local.queues

  queue_url = aws_sqs_queue.dead_letters[each.key].id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.this[each.key].arn]
  })
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  for_each = local.queues

  alarm_name          = "${var.name}-${each.key}-dead-letters"
  alarm_description   = "Messages of ${var.name} that could not be handled lie in ${aws_sqs_queue.dead_letters[each.key].name}"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters[each.key].name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
  tags                = var.tags
}

################################################################################
# The way in
################################################################################

resource "aws_cloudwatch_event_rule" "alarms" {
  name        = "${var.name}-alarms"
  description = "Alarms of this account and region that change their state"

  event_pattern = jsonencode(merge(
    {
      source        = ["aws.cloudwatch"]
      "detail-type" = ["CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"]
    },
    length(var.alarm_name_prefixes) == 0 ? {} : {
      detail = { alarmName = [for prefix in var.alarm_name_prefixes : { prefix = prefix }] }
    },
  ))

  tags = var.tags
}

resource "aws_cloudwatch_event_target" "alarms" {
  rule      = aws_cloudwatch_event_rule.alarms.name
  target_id = "alerts"
  arn       = aws_sqs_queue.this["alerts"].arn

  dead_letter_config {
    arn = aws_sqs_queue.dead_letters["alerts"].arn
  }
}

resource "aws_sqs_queue_policy" "alerts" {
  queue_url = aws_sqs_queue.this["alerts"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this["alerts"].arn
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.alarms.arn } }
      }],
      length(var.sns_topic_arns) == 0 ? [] : [{
        Sid       = "Topics"
        Effect    = "Allow"
        Principal = { Service = "sns.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.this["alerts"].arn
        Condition = { ArnEquals = { "aws:SourceArn" = var.sns_topic_arns } }
      }],
    )
  })
}

resource "aws_sqs_queue_policy" "alerts_dead_letters" {
  queue_url = aws_sqs_queue.dead_letters["alerts"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Alarms"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.dead_letters["alerts"].arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.alarms.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "alerts" {
  for_each = toset(var.sns_topic_arns)

  topic_arn = each.value
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.this["alerts"].arn
}

resource "aws_lambda_permission" "alarm_actions" {
  count = var.allow_alarm_actions ? 1 : 0

  statement_id   = "alarm-actions"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.this["alert"].function_name
  principal      = "lambda.alarms.cloudwatch.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

################################################################################
# Functions
################################################################################

resource "aws_cloudwatch_log_group" "this" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_in_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  description      = "oncall-copilot: ${each.key}"
  role             = aws_iam_role.this[each.key].arn
  package_type     = "Zip"
  filename         = each.value
  source_code_hash = filebase64sha256(each.value)
  handler          = "index.handler"
  runtime          = var.runtime
  architectures    = [var.architecture]
  timeout          = local.timeouts[each.key]
  memory_size      = local.memory_sizes[each.key]
  layers           = each.key == "triage" ? var.triage_layers : []
  tags             = var.tags

  environment {
    variables = local.environments[each.key]
  }

  ephemeral_storage {
    size = each.key == "triage" ? var.triage_ephemeral_storage_size : 512
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.this[each.key].name
  }

  depends_on = [aws_iam_role_policy.this]
}

# A queue's own bound, since reserved concurrency would send what is throttled to the dead letters.
resource "aws_lambda_event_source_mapping" "this" {
  for_each = local.sources

  event_source_arn        = aws_sqs_queue.this[each.value.queue].arn
  function_name           = aws_lambda_function.this[each.key].arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = var.tags

  scaling_config {
    maximum_concurrency = each.value.maximum_concurrency
  }
}

# Open to everybody: the function verifies Slack's signature before anything else.
resource "aws_lambda_function_url" "slack" {
  count = local.has_slack ? 1 : 0

  function_name      = aws_lambda_function.this["slack"].function_name
  authorization_type = "NONE"
}

resource "aws_lambda_permission" "slack_url" {
  count = local.has_slack ? 1 : 0

  statement_id           = "function-url"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.this["slack"].function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}
