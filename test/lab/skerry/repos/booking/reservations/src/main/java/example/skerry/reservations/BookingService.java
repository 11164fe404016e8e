package example.skerry.reservations;

import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Holds places, has them priced and paid, and writes the booking down. */
@Service
public class BookingService {
  private static final Logger log = LoggerFactory.getLogger(BookingService.class);

  private final AvailabilityClient availability;
  private final FareClient fares;
  private final PaymentsClient payments;
  private final PassengerRepository passengers;
  private final BookingRepository bookings;
  private final BookingEvents events;
  private final Clock clock;

  BookingService(AvailabilityClient availability, FareClient fares, PaymentsClient payments,
      PassengerRepository passengers, BookingRepository bookings, BookingEvents events, Clock clock) {
    this.availability = availability;
    this.fares = fares;
    this.payments = payments;
    this.passengers = passengers;
    this.bookings = bookings;
    this.events = events;
    this.clock = clock;
  }

  public Booking book(BookingRequest request) {
    Hold hold = availability.hold(request.sailing(), request.places());
    Fare fare = fares.quote(request.sailing(), request.places(), request.member());
    Payment payment = payments.authorise(fare.total(), request.card());
    Booking booking = store(request, hold, fare, payment);
    events.booked(booking);
    log.info("booking {} stored, sailing {}, {} passengers", booking.reference(), request.sailing(), request.places());
    return booking;
  }

  @Transactional
  Booking store(BookingRequest request, Hold hold, Fare fare, Payment payment) {
    Booking booking = bookings.save(Booking.of(request, hold, fare, payment, clock.instant()));
    passengers.saveAll(booking.reference(), request.passengers());
    return booking;
  }

  @Transactional(readOnly = true)
  public BookingView view(String reference) {
    Booking booking = bookings.findByReference(reference).orElseThrow(() -> new NoSuchBooking(reference));
    List<Passenger> travelling = passengers.findAllByReference(reference);
    return BookingView.of(booking, travelling);
  }
}
