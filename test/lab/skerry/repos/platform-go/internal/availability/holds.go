// Package availability counts the free places of each sailing and holds some of them for a while.
package availability

import (
	"context"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

const holdFor = 10 * time.Minute

// Holds keeps places in Redis: one hash a sailing.
type Holds struct {
	redis *redis.Client
	log   *slog.Logger
}

// Hold takes places off a sailing, or says that there are not so many left.
func (h *Holds) Hold(ctx context.Context, sailing string, places int) (string, error) {
	left, err := h.redis.HIncrBy(ctx, "sailing:"+sailing, "free", int64(-places)).Result()
	if err != nil {
		return "", err
	}
	if left < 0 {
		h.redis.HIncrBy(ctx, "sailing:"+sailing, "free", int64(places))
		return "", ErrSoldOut
	}
	id := newID()
	err = h.redis.Set(ctx, "hold:"+id, sailing, holdFor).Err()
	h.log.InfoContext(ctx, "places held", "sailing", sailing, "places", places, "left", left)
	return id, err
}

// Free tells how many places many sailings have, in one round trip.
func (h *Holds) Free(ctx context.Context, sailings []string) (map[string]int, error) {
	pipe := h.redis.Pipeline()
	commands := make(map[string]*redis.StringCmd, len(sailings))
	for _, sailing := range sailings {
		commands[sailing] = pipe.HGet(ctx, "sailing:"+sailing, "free")
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	return counts(commands)
}
