// Each test runs a cluster of processes and measures time: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
