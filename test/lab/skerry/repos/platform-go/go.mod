module github.com/skerry/platform-go

go 1.23

require (
	github.com/redis/go-redis/v9 v9.7.0
	github.com/segmentio/kafka-go v0.4.47
	go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp v0.58.0
	go.uber.org/zap v1.27.0
)
