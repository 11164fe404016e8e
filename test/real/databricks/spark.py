"""Real Spark with Delta behind a line protocol: a JSON object a line, on standard input and output.

{"id": "a", "sql": "SELECT :x", "args": {"x": 1}, "settings": {"TIMEZONE": "UTC"}} runs a statement in a session of its own and
answers {"id": "a", "columns": [{"name": "x", "type": "int"}], "rows": [[1]]}, or {"id": "a", "error": {...}}.
{"cancel": "a"} stops it, as CancelOperation does. {"ready": true} comes first.
"""

import json
import os
import sys

# Standard output belongs to the protocol; what Java prints there goes elsewhere.
out = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

import threading  # noqa: E402

from pyspark import InheritableThread  # noqa: E402
from pyspark.errors import PySparkException  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

SETTINGS = {"TIMEZONE": "spark.sql.session.timeZone", "ANSI_MODE": "spark.sql.ansi.enabled"}
delta, cache, folder = sys.argv[1:4]
lock = threading.Lock()
cancelled: set[str] = set()

spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.memory", "1g")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.databricks.delta.snapshotPartitions", "1")
    .config("spark.jars.packages", delta)
    .config("spark.jars.ivy", cache)
    .config("spark.local.dir", folder)
    .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    # A warehouse of another zone than the answers': whatever does not say UTC shows.
    .config("spark.sql.session.timeZone", "America/New_York")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")


def say(message: dict) -> None:
    with lock:
        out.write(json.dumps(message) + "\n")
        out.flush()


def problem(error: Exception) -> dict:
    text = str(error)
    known = isinstance(error, PySparkException)
    state = error.getSqlState() if known else None
    stopped = "SPARK_JOB_CANCELLED" in text
    return {"message": text, "sqlState": state, "class": error.getCondition() if known else None, "cancelled": stopped}


def run(request: dict) -> None:
    name = request["id"]
    try:
        spark.sparkContext.setJobGroup(name, name, interruptOnCancel=True)
        session = spark.newSession()
        for key, value in request.get("settings", {}).items():
            if key in SETTINGS:
                session.conf.set(SETTINGS[key], value)
        if name in cancelled:
            raise RuntimeError("SPARK_JOB_CANCELLED: cancelled before it began")
        frame = session.sql(request["sql"], args=request.get("args") or {})
        rows = [list(row) for row in frame.collect()]
        columns = [{"name": field.name, "type": field.dataType.simpleString()} for field in frame.schema.fields]
        say({"id": name, "columns": columns, "rows": rows})
    except Exception as error:  # noqa: BLE001: each goes to whoever asked
        say({"id": name, "error": problem(error)})


say({"ready": True})
for line in sys.stdin:
    asked = json.loads(line)
    if "cancel" in asked:
        # A statement is many jobs, and may be between two of them.
        cancelled.add(asked["cancel"])
        spark.sparkContext._jsc.sc().cancelJobGroupAndFutureJobs(asked["cancel"])
    else:
        InheritableThread(target=run, args=(asked,), daemon=True).start()
spark.stop()
