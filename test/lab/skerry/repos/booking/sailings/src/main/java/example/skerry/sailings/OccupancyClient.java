package example.skerry.sailings;

import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/** Free places of many sailings in one question. */
@Component
class OccupancyClient {
  private static final Logger log = LoggerFactory.getLogger(OccupancyClient.class);
  private static final ParameterizedTypeReference<Map<String, Integer>> COUNTS = new ParameterizedTypeReference<>() {};
  private final RestClient http;

  OccupancyClient(RestClient.Builder builder, @Value("${clients.availability.url}") String url) {
    this.http = builder.baseUrl(url).requestFactory(Timeouts.of(1500)).build();
  }

  Map<String, Integer> freePlaces(List<String> sailings) {
    log.debug("asking for {} sailings", sailings.size());
    return http.post().uri("/v1/free").body(sailings).retrieve().body(COUNTS);
  }
}
