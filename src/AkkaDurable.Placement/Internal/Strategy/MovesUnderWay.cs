namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>The moves that were begun and are not over: handed to Akka, then under way, then without a place until somebody asks for the shard.</summary>
internal sealed class MovesUnderWay
{
    private readonly Dictionary<string, Move> _moves = new(StringComparer.Ordinal);
    private long _tick;

    public int Count => _moves.Count;

    public IEnumerable<Move> All => _moves.Values;

    public bool Contains(string shard) => _moves.ContainsKey(shard);

    public Move? Find(string shard) => _moves.GetValueOrDefault(shard);

    public void Begin(string shard, string from, string to, bool byOperator, bool asked) => _moves.Add(shard, new Move(shard, from, to, byOperator, asked, _tick));

    public void End(string shard) => _moves.Remove(shard);

    /// <summary>Looks at where the shards are now. Returns the moves that Akka did not carry out, which are over.</summary>
    public List<Move> Look(Func<string, bool> isHandedOver, Func<string, string?> ownerOf)
    {
        _tick++;
        var failed = new List<Move>();
        foreach (var move in _moves.Values)
        {
            move.IsIdle = false;
            if (isHandedOver(move.Shard))
            {
                move.WasHandedOver = true;
            }
            else if (ownerOf(move.Shard) is not { } owner)
            {
                // It left its node; it starts on the new one with its next message.
                move.IsIdle = true;
            }
            else if (owner == move.From && (move.WasHandedOver || _tick - move.BegunAt > 2))
            {
                failed.Add(move);
            }
        }

        failed.ForEach(move => _moves.Remove(move.Shard));
        return failed;
    }

    /// <summary>One move.</summary>
    internal sealed class Move(string shard, string from, string to, bool byOperator, bool asked, long begunAt)
    {
        public string Shard { get; } = shard;

        public string From { get; } = from;

        public string To { get; } = to;

        /// <summary>An operator chose the target.</summary>
        public bool ByOperator { get; } = byOperator;

        /// <summary>An operator asked for the move.</summary>
        public bool Asked { get; } = asked;

        public long BegunAt { get; } = begunAt;

        public bool WasHandedOver { get; set; }

        public bool IsIdle { get; set; }
    }
}
