package example.skerry.reservations;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;

/** What other services learn of a booking: topic booking-events. */
@Component
class BookingEvents {
  private final KafkaTemplate<String, Booked> kafka;

  BookingEvents(KafkaTemplate<String, Booked> kafka) {
    this.kafka = kafka;
  }

  void booked(Booking booking) {
    kafka.send("booking-events", booking.reference(), Booked.of(booking));
  }

  record Booked(
      @JsonProperty("reference") String reference,
      @JsonProperty("sailing") String sailing,
      @JsonProperty("passengers") int passengers,
      @JsonProperty("booked_at") Instant bookedAt) {
    static Booked of(Booking booking) {
      return new Booked(booking.reference(), booking.sailing(), booking.places(), booking.bookedAt());
    }
  }
}
