import org.codelibs.opensearch.runner.OpenSearchRunner;

/** Starts one OpenSearch node on loopback, until standard input ends: folder and HTTP port are its arguments. */
public final class OpenSearchNode {
  public static void main(String[] arguments) throws Exception {
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("http.port", arguments[1]);
      settings.put("network.host", "127.0.0.1");
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
    });
    try {
      runner.build(OpenSearchRunner.newConfigs().basePath(arguments[0]).numOfNode(1).clusterName("oncall-test"));
      while (System.in.read() >= 0) {}
    } finally {
      runner.close();
    }
    System.exit(0);
  }
}
