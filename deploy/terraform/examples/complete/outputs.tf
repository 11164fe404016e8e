output "slack_interactivity_url" {
  description = "Where the Slack app's interactivity points"
  value       = module.oncall.slack_interactivity_url
}
