using ModelDsl.Generator.Loops;

namespace ModelDsl.Generator.Emit.Ilgpu;

/// <summary>Statements of one thread and of its group.</summary>
internal sealed class StatementRenderer(CodeWriter writer) : StatementWriter(writer)
{
    /// <summary>What registers of tensor cores' sums begin with: they are PTX's, no variables of the kernel, which would go through memory.</summary>
    private const string MatrixSum = "matrixSum";

    protected override string Scalar(Value value) => ValueRenderer.Render(value);

    protected override void Write(Statement statement)
    {
        switch (statement)
        {
            case Assign { Value: Operation { Op: Scalars.ScalarOp.Add } sum } assign when sum.Args[0] is Variable variable && variable.Name == assign.Name:
                Writer.Line($"{assign.Name} += {Scalar(sum.Args[1])};");
                break;
            case Guard guard:
                using (Writer.Block($"if ({ValueRenderer.Render(guard.Conditions)})")) Write(guard.Body);
                break;
            case Call call:
                var arguments = call.Cursors.Select(cursor => cursor.Buffer).Concat(call.Integers.Select(index => index.ToString()))
                    .Concat(RandomArguments(call.Function)).Concat(call.Numbers.Select(Scalar));
                Writer.Line($"{call.Function.Name}({string.Join(", ", arguments)});");
                break;
            case SharedMemory memory:
                Writer.Line($"var {memory.Name} = SharedMemory.Allocate<{(memory.IsQuads ? "Quad" : "float")}>({memory.Length});");
                break;
            case GroupBarrier:
                Writer.Line("Group.Barrier();");
                break;
            case SameMemory same:
                Writer.Line($"var {same.Name} = {same.Buffer}.Cast<{(same.Unit switch { MemoryUnit.Quad => "Quad", MemoryUnit.Bits => "uint", _ => "float" })}>();");
                break;
            case MatrixSums sums:
                Writer.Line($"CudaAsm.Emit(\".reg .f32 {MatrixSum}<{sums.Count}>;\");");
                for (var i = 0; i < sums.Count; i++) Writer.Line($"CudaAsm.Emit(\"mov.f32 {MatrixSum}{i}, 0f00000000;\");");
                break;
            case MultiplyMatrices multiply:
                var own = $"{{{string.Join(", ", Enumerable.Range(multiply.First, 4).Select(i => MatrixSum + i))}}}";
                Writer.Line($"CudaAsm.Emit(TensorCores.Multiply + \" {own}, {{%0, %1, %2, %3}}, {{%4, %5}}, {own};\", {string.Join(", ", multiply.A.Concat(multiply.B))});");
                break;
            case ReadMatrixSum read:
                Writer.Line($"CudaAsm.Emit(\"mov.f32 %0, {MatrixSum}{read.Number};\", out float {read.Name});");
                break;
            case LoadQuad { Conditions.Count: 0 } load:
                Writer.Line($"var {load.Name} = {load.Buffer}[{load.Offset}];");
                break;
            case LoadQuad load:
                Writer.Line($"var {load.Name} = {ValueRenderer.Render(load.Conditions)} ? {load.Buffer}[{load.Offset}] : default;");
                break;
            case StoreQuad store:
                Writer.Line($"{store.Buffer}[{store.Offset}] = new Quad(");
                for (var i = 0; i < store.Values.Count; i++) Writer.Line($"    {Scalar(store.Values[i])}{(i < store.Values.Count - 1 ? "," : ");")}");
                break;
            case CombineThreads combine:
                Writer.Line(
                    $"var {combine.Name} = Threads.{combine.Op}({combine.Shared}, {ThreadGroups.Thread}, {Scalar(combine.Value)}, "
                    + $"{combine.Threads}, {combine.Width});");
                break;
            default:
                base.Write(statement);
                break;
        }
    }
}
