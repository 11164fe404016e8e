output "slack_interactivity_url" {
  description = "Where the Slack app's interactivity points; null without the function that takes clicks"
  value       = one(aws_lambda_function_url.slack[*].function_url)
}

output "function_names" {
  description = "Name of each function"
  value       = { for name, function in aws_lambda_function.this : name => function.function_name }
}

output "function_arns" {
  description = "ARN of each function; an alarm that has the alert function as its own action names it"
  value       = { for name, function in aws_lambda_function.this : name => function.arn }
}

output "role_arns" {
  description = "ARN of each function's role"
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}

output "queue_urls" {
  description = "URL of the queue of alerts and of the queue of wake-ups"
  value       = { for name, queue in aws_sqs_queue.this : name => queue.url }
}

output "dead_letter_queue_urls" {
  description = "URL of each queue's dead letters"
  value       = { for name, queue in aws_sqs_queue.dead_letters : name => queue.url }
}

output "table_name" {
  description = "Name of the table that keeps the cases"
  value       = aws_dynamodb_table.cases.name
}
