// Package payments authorises cards with our provider and keeps what it answered.
package payments

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// Bridge talks to the provider.
type Bridge struct {
	http   *http.Client
	apiKey string
	log    *slog.Logger
}

// NewBridge waits for the provider no longer than timeout.
func NewBridge(apiKey string, timeout time.Duration, log *slog.Logger) *Bridge {
	return &Bridge{http: &http.Client{Timeout: timeout}, apiKey: apiKey, log: log}
}

// Authorise asks the provider once, and once more when it could not be reached.
func (b *Bridge) Authorise(ctx context.Context, order Order) (Authorisation, error) {
	for attempt := 1; ; attempt++ {
		answer, err := b.post(ctx, "/v2/authorisations", order)
		if err == nil {
			b.log.InfoContext(ctx, "card authorised", "order", order.ID, "amount", order.Amount, "attempt", attempt)
			return answer, nil
		}
		b.log.WarnContext(ctx, "provider call failed", "order", order.ID, "attempt", attempt, "err", err)
		if attempt == 2 {
			return Authorisation{}, fmt.Errorf("authorise %s: %w", order.ID, err)
		}
	}
}
