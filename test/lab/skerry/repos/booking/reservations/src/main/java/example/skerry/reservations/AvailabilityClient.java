package example.skerry.reservations;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Holds places on a sailing for ten minutes. */
@Component
class AvailabilityClient {
  private static final Duration HOLD = Duration.ofMinutes(10);
  private final RestClient http;

  AvailabilityClient(RestClient.Builder builder, @Value("${clients.availability.url}") String url,
      @Value("${clients.availability.read-timeout-ms}") int readTimeoutMs) {
    this.http = builder.baseUrl(url).requestFactory(Timeouts.of(readTimeoutMs)).build();
  }

  Hold hold(String sailing, int places) {
    return http.post().uri("/v1/holds").body(new HoldRequest(sailing, places, HOLD)).retrieve().body(Hold.class);
  }
}
