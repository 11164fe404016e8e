provider "aws" {
  region = "eu-west-1"
}

locals {
  # One secret whose JSON holds a key for each credential.
  triage_secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:oncall/triage-AbCdEf"
  slack_secret  = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:oncall/slack-AbCdEf"
}

module "oncall" {
  source = "../.."

  name = "oncall-copilot"

  packages = {
    alert  = "${path.module}/../../../lambda/dist/alert.zip"
    triage = "${path.module}/../../../lambda/dist/triage.zip"
    slack  = "${path.module}/../../../lambda/dist/slack.zip"
  }

  mode                = "shadow"
  alarm_name_prefixes = ["shop-", "checkout-"]
  sns_topic_arns      = ["arn:aws:sns:eu-west-1:123456789012:amp-alerts"]
  allow_alarm_actions = true
  alarm_actions       = ["arn:aws:sns:eu-west-1:123456789012:platform-team"]
  signing_key_arn     = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"

  opensearch_domain_arns    = ["arn:aws:es:eu-west-1:123456789012:domain/logs"]
  prometheus_workspace_arns = ["arn:aws:aps:eu-west-1:123456789012:workspace/ws-11111111-2222-3333-4444-555555555555"]

  triage_environment = {
    ONCALL_METRICS_CLOUDWATCH_REGION  = "eu-west-1"
    ONCALL_LOGS_OPENSEARCH_URL        = "https://search-logs-abc.eu-west-1.es.amazonaws.com"
    ONCALL_LOGS_OPENSEARCH_AWS_REGION = "eu-west-1"
    ONCALL_SLACK_CHANNEL              = "C0123ABCDEF"
  }

  triage_secrets = {
    ONCALL_EVIDENCE_KEY    = "${local.triage_secret}:evidence_key::"
    ANTHROPIC_API_KEY      = "${local.triage_secret}:anthropic_api_key::"
    ONCALL_SLACK_BOT_TOKEN = "${local.slack_secret}:bot_token::"
  }

  slack_environment = {
    ONCALL_APPROVERS_SLACK_GROUP = "S0123ABCD"
  }

  slack_secrets = {
    ONCALL_SLACK_SIGNING_SECRET = "${local.slack_secret}:signing_secret::"
    ONCALL_SLACK_BOT_TOKEN      = "${local.slack_secret}:bot_token::"
  }

  tags = { team = "platform" }
}
