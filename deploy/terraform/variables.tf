variable "name" {
  description = "Name of everything that is made, and the first part of each resource's own"
  type        = string
  default     = "oncall-copilot"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name takes 3 to 31 lower-case letters, digits and dashes, a letter first."
  }
}

variable "tags" {
  description = "Tags of everything that is made"
  type        = map(string)
  default     = {}
}

################################################################################
# Functions
################################################################################

variable "packages" {
  description = "Zip file of each function's bundle, made by deploy/lambda/build.mjs; nothing is built here. Leave slack out where nobody clicks in Slack"
  type = object({
    alert  = string
    triage = string
    slack  = optional(string)
  })

  validation {
    condition     = alltrue([for path in compact(values(var.packages)) : endswith(path, ".zip")])
    error_message = "packages takes zip files."
  }
}

variable "runtime" {
  description = "Lambda runtime that the functions run on"
  type        = string
  default     = "nodejs22.x"

  validation {
    condition     = contains(["nodejs22.x", "nodejs24.x"], var.runtime)
    error_message = "runtime takes nodejs22.x or nodejs24.x."
  }
}

variable "architecture" {
  description = "Processor that the triage bundle's native add-ons were installed for"
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture takes arm64 or x86_64."
  }
}

variable "triage_layers" {
  description = "ARNs of layers of the triage function, such as one with git where repositories are cloned"
  type        = list(string)
  default     = []
}

variable "triage_memory_size" {
  description = "Memory of the triage function in MB, which also decides its share of a processor"
  type        = number
  default     = 2048

  validation {
    condition     = var.triage_memory_size >= 1024 && var.triage_memory_size <= 10240
    error_message = "triage_memory_size takes 1024 to 10240."
  }
}

variable "triage_ephemeral_storage_size" {
  description = "Size of the triage function's /tmp in MB, where clones lie while a case is looked at"
  type        = number
  default     = 2048

  validation {
    condition     = var.triage_ephemeral_storage_size >= 512 && var.triage_ephemeral_storage_size <= 10240
    error_message = "triage_ephemeral_storage_size takes 512 to 10240."
  }
}

variable "triage_maximum_concurrency" {
  description = "Cases that are looked at, at once"
  type        = number
  default     = 3

  validation {
    condition     = var.triage_maximum_concurrency >= 2 && var.triage_maximum_concurrency <= 100
    error_message = "triage_maximum_concurrency takes 2 to 100 (2 is the least that Lambda takes)."
  }
}

variable "alert_maximum_concurrency" {
  description = "Batches of alerts that are taken in at once"
  type        = number
  default     = 5

  validation {
    condition     = var.alert_maximum_concurrency >= 2 && var.alert_maximum_concurrency <= 100
    error_message = "alert_maximum_concurrency takes 2 to 100 (2 is the least that Lambda takes)."
  }
}

################################################################################
# What the functions are told
################################################################################

variable "catalog_path" {
  description = "Where the catalog's file lies in the functions; deploy/lambda/build.mjs --catalog puts it there"
  type        = string
  default     = "/var/task/catalog.yaml"
}

variable "mode" {
  description = "shadow: everything runs, nothing is posted or proposed; live. A service's annotation oncall/mode goes before it"
  type        = string
  default     = "shadow"

  validation {
    condition     = contains(["shadow", "live"], var.mode)
    error_message = "mode takes shadow or live."
  }
}

variable "keep_days" {
  description = "How many days everything about a case is kept"
  type        = number
  default     = 400

  validation {
    condition     = var.keep_days >= 2 && var.keep_days <= 3650
    error_message = "keep_days takes 2 to 3650."
  }
}

variable "triage_environment" {
  description = "Further variables of the triage function, such as ONCALL_GIT_UPSTREAM; no secrets"
  type        = map(string)
  default     = {}
}

variable "triage_secrets" {
  description = "Variables of the triage function that are read from Secrets Manager: the secret's ARN by the variable's name, with `:KEY::` behind it for one key of its JSON"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.triage_secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[A-Za-z0-9_.-]*::)?$", arn))])
    error_message = "triage_secrets takes ARNs of secrets, and no secrets."
  }

  validation {
    condition     = !contains(keys(var.triage_secrets), "ONCALL_SLACK_SIGNING_SECRET")
    error_message = "The part that writes to GitHub must not hold Slack's signing secret."
  }
}

variable "slack_environment" {
  description = "Further variables of the function that takes clicks, such as ONCALL_APPROVERS_SLACK_GROUP; no secrets"
  type        = map(string)
  default     = {}
}

variable "slack_secrets" {
  description = "Variables of the function that takes clicks that are read from Secrets Manager, as triage_secrets"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for arn in values(var.slack_secrets) : can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+(:[A-Za-z0-9_.-]*::)?$", arn))])
    error_message = "slack_secrets takes ARNs of secrets, and no secrets."
  }

  validation {
    condition     = alltrue([for name in keys(var.slack_secrets) : contains(["ONCALL_SLACK_SIGNING_SECRET", "ONCALL_SLACK_BOT_TOKEN", "ONCALL_PAGERDUTY_TOKEN"], name)])
    error_message = "The function that takes clicks holds Slack's signing secret and bot token and PagerDuty's read-only key, and nothing that writes to GitHub or signs."
  }
}

################################################################################
# What the triage function may read
################################################################################

variable "opensearch_domain_arns" {
  description = "ARNs of the Amazon OpenSearch domains that logs are read from"
  type        = list(string)
  default     = []
}

variable "prometheus_workspace_arns" {
  description = "ARNs of the Amazon Managed Prometheus workspaces that metrics are read from"
  type        = list(string)
  default     = []
}

variable "read_metrics" {
  description = "Whether CloudWatch's metrics and alarms are read"
  type        = bool
  default     = true
}

variable "signing_key_arn" {
  description = "ARN of the KMS key that reports are signed with (ECC_NIST_EDWARDS25519); null: a key of its own among triage_secrets"
  type        = string
  default     = null
}

variable "bedrock_model_arns" {
  description = "ARNs of the models and inference profiles that may be asked, where the model is Bedrock's"
  type        = list(string)
  default     = []
}

################################################################################
# Where alerts come from
################################################################################

variable "alarm_name_prefixes" {
  description = "Alarms that are taken, by the beginning of their names; all of the account's and region's when empty"
  type        = list(string)
  default     = []
}

variable "sns_topic_arns" {
  description = "SNS topics that the queue of alerts is subscribed to, such as Amazon Managed Prometheus'"
  type        = list(string)
  default     = []
}

variable "allow_alarm_actions" {
  description = "Whether alarms of this account may name the alert function as their own action"
  type        = bool
  default     = false
}

################################################################################
# Operation
################################################################################

variable "log_retention_in_days" {
  description = "How many days the functions' own logs are kept"
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096], var.log_retention_in_days)
    error_message = "log_retention_in_days takes a number of days that CloudWatch Logs knows."
  }
}

variable "alarm_actions" {
  description = "ARNs that are told when something lies in a dead-letter queue; not the way alerts come in by, or it would be told of itself"
  type        = list(string)
  default     = []
}

variable "point_in_time_recovery_enabled" {
  description = "Whether the table can be restored to a moment of its last 35 days"
  type        = bool
  default     = true
}

variable "deletion_protection_enabled" {
  description = "Whether the table refuses to be deleted"
  type        = bool
  default     = true
}

variable "permissions_boundary" {
  description = "ARN of the policy that bounds the functions' roles"
  type        = string
  default     = null
}
