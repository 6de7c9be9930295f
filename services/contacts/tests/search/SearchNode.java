import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One OpenSearch node for the contract suite. Lives until its standard input ends, so it cannot outlive the tests. */
public final class SearchNode {
    public static void main(String[] args) throws Exception {
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((number, settings) -> {
            settings.put("http.port", "0");
            settings.put("transport.port", "0");
            settings.put("network.host", "127.0.0.1");
            settings.put("discovery.type", "single-node");
            settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        });
        runner.build(
                OpenSearchRunner.newConfigs().basePath(args[0]).numOfNode(1).clusterName("search-contract").useLogger());
        runner.ensureYellow();
        System.in.read();
        runner.close();
    }
}
