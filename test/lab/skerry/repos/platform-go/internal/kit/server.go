// Package kit is what all our Go services start with.
package kit

import (
	"net/http"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

// Server wraps a handler with telemetry and the timeouts that we always want.
func Server(name string, handler http.Handler) *http.Server {
	return &http.Server{
		Addr:              ":8080",
		Handler:           otelhttp.NewHandler(handler, name),
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       90 * time.Second,
	}
}
