// Package notify tells customers about their booking: a ticket by mail, a word by SMS.
package notify

import (
	"context"
	"log/slog"

	"github.com/segmentio/kafka-go"
)

// Worker reads booking-events and sends what they ask for.
type Worker struct {
	events *kafka.Reader
	render *Renderer
	sms    *SMS
	log    *slog.Logger
}

// Run goes on until the context ends. A message that could not be sent is tried again in its turn.
func (w *Worker) Run(ctx context.Context) error {
	for {
		message, err := w.events.FetchMessage(ctx)
		if err != nil {
			return err
		}
		if err := w.handle(ctx, message); err != nil {
			w.log.ErrorContext(ctx, "notification failed", "offset", message.Offset, "err", err)
			continue
		}
		if err := w.events.CommitMessages(ctx, message); err != nil {
			return err
		}
	}
}

func (w *Worker) handle(ctx context.Context, message kafka.Message) error {
	booking, err := parse(message.Value)
	if err != nil {
		return err
	}
	if _, err := w.render.Ticket(ctx, booking); err != nil {
		return err
	}
	return w.sms.Send(ctx, booking.Phone, "Your ticket for "+booking.Sailing+" is ready")
}
