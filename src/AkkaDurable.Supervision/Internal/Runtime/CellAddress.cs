namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>Where a supervisor is in its tree. Looked up at each use, since each restart makes a new cell.</summary>
internal sealed class CellAddress(SupervisorCell root, string[] path)
{
    public SupervisorCell? Find()
    {
        var cell = root;
        foreach (var id in path)
        {
            if (cell is null || !cell.Children.TryGetValue(id, out var child))
            {
                return null;
            }

            cell = child.Cell;
        }

        return cell;
    }

    public CellAddress Child(string id) => new(root, [.. path, id]);

    public void Send(CellRequest request)
    {
        if (Find() is { } cell)
        {
            cell.Send(request);
        }
        else
        {
            request.Refuse();
        }
    }

    public Task<ChildResult> AskAsync(Func<object, State.SupervisorEvent> make, CancellationToken cancellationToken)
    {
        var request = new ChildRequest(make);
        Send(request);
        return request.Answer.WaitAsync(cancellationToken);
    }

    public Task<T> QueryAsync<T>(Func<ISupervisorView, T> ask, CancellationToken cancellationToken)
    {
        var query = new Query<T>(ask);
        Send(query);
        return query.Answer.WaitAsync(cancellationToken);
    }
}
