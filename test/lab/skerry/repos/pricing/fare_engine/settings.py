"""What the environment may change."""

import os

WEB_CONCURRENCY = int(os.environ.get("WEB_CONCURRENCY", "4"))
SAILINGS_TIMEOUT_SECONDS = float(os.environ.get("SAILINGS_TIMEOUT_SECONDS", "2.0"))
LOG_FORMAT = os.environ.get("LOG_FORMAT", "console")
