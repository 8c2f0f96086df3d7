namespace ModelDsl;

/// <summary>The base of every generated model.</summary>
public abstract class Model
{
    /// <summary>Runs the training forward pass on a batch.</summary>
    /// <param name="batch">The samples.</param>
    public void Forward(Batch batch) => throw new NotImplementedException();
}
