// Each class runs a cluster of processes: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
