package example.skerry.sailings;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which ferries go from one harbour to another on a day, and how full they are. */
@RestController
class SearchController {
  private final TimetableRepository timetable;
  private final OccupancyClient occupancy;

  SearchController(TimetableRepository timetable, OccupancyClient occupancy) {
    this.timetable = timetable;
    this.occupancy = occupancy;
  }

  @GetMapping("/v1/sailings")
  List<SailingView> search(@RequestParam String from, @RequestParam String to, @RequestParam LocalDate day) {
    List<Sailing> found = timetable.findByHarboursAndDay(from, to, day);
    var free = occupancy.freePlaces(found.stream().map(Sailing::code).toList());
    return found.stream()
        .map(sailing -> SailingView.of(sailing, free.getOrDefault(sailing.code(), 0)))
        .sorted(Comparator.comparing(SailingView::departs))
        .toList();
  }
}
