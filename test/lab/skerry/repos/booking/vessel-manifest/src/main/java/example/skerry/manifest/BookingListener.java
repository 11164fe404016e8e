package example.skerry.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/** Puts each booking's passengers on the list that the master of the vessel signs. */
@Component
class BookingListener {
  private static final Logger log = LoggerFactory.getLogger(BookingListener.class);
  private final ObjectMapper json;
  private final ManifestRepository manifests;

  BookingListener(ObjectMapper json, ManifestRepository manifests) {
    this.json = json;
    this.manifests = manifests;
  }

  @KafkaListener(topics = "booking-events", groupId = "vessel-manifest")
  void onBooking(String body) throws Exception {
    JsonNode event = json.readTree(body);
    String sailing = event.required("sailing").asText();
    manifests.add(sailing, event.required("reference").asText(), event.required("passengers").asInt());
    log.debug("manifest of {} has a new booking", sailing);
  }
}
