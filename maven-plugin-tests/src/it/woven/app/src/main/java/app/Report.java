package app;

import static io.treadle.Treadle.await;

import io.treadle.Async;
import java.io.FileNotFoundException;
import java.io.IOException;
import store.Store;

public class Report {
  private final Store store;

  public Report(Store store) {
    this.store = store;
  }

  @Async
  public String of(String... keys) throws IOException {
    StringBuilder report = new StringBuilder();
    for (String key : keys) {
      try {
        report.append(key).append('=').append(store.load(key)).append(' ');
      } catch (FileNotFoundException e) {
        report.append("no ").append(e.getMessage()).append(' ');
      }
    }
    return report + "of " + await(store.size());
  }
}
