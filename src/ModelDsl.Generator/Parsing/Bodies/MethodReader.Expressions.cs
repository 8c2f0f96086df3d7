using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using ModelDsl.Generator.Common;
using ModelDsl.Generator.Diagnostics;
using ModelDsl.Generator.Parsing.Functions;

namespace ModelDsl.Generator.Parsing.Bodies;

/// <content>Expressions.</content>
internal sealed partial class MethodReader
{
    private const string OnlyBuildTime = "of tensors only shapes are known, as in 'x.Channels' or 'a.SameShape(b)', so conditions and texts are made of numbers, bool and string";

    private Code Value(IOperation operation) => Nested(operation, () =>
        operation.ConstantValue is { HasValue: true, Value: { } constant } ? Literal(operation, constant) : Expression(operation));

    /// <summary>Converts the items of an array to numbers of its type.</summary>
    private ListCode Typed(NodeReference node, IEnumerable<IOperation> items, ITypeSymbol? type) => new(node, items.Select(item => Typed(item, type)).ToEquatableArray());

    /// <summary>Converts a tuple or number to a type.</summary>
    private Code Typed(IOperation item, ITypeSymbol? type)
    {
        if (item is ITupleOperation tuple && type is INamedTypeSymbol { IsTupleType: true } to)
        {
            return new ListCode(NodeOf(item), tuple.Elements.Zip(to.TupleElements, (element, field) => Typed(element, field.Type)).ToEquatableArray());
        }

        return NumberTypeOf(type) is { } number && NumberTypeOf(item.Type) is { } own && own != number ? new ConvertCode(NodeOf(item), number, Value(item)) : Value(item);
    }

    private Code Expression(IOperation operation)
    {
        if (operation.Type is { TypeKind: TypeKind.Error }) throw ReadFailure.ReportedByCompiler(operation);
        var node = NodeOf(operation);
        switch (operation)
        {
            case IParenthesizedOperation parenthesized:
                return Value(parenthesized.Operand);

            case ILocalReferenceOperation local:
                return new VariableCode(node, VariableOf(local.Local));

            case IParameterReferenceOperation parameter:
                return Parameter(parameter);

            case IConversionOperation { OperatorMethod: null } conversion:
                return Conversion(conversion);

            case IUnaryOperation unary when IsKnown(unary.OperatorMethod):
                return new UnaryCode(node, unary.OperatorKind, Value(unary.Operand));

            case IBinaryOperation { OperatorMethod: null } binary when !IsBuildTime(binary.LeftOperand) || !IsBuildTime(binary.RightOperand):
                throw Unsupported(binary, OnlyBuildTime);

            case IBinaryOperation binary when IsKnown(binary.OperatorMethod):
                return new BinaryCode(node, binary.OperatorKind, Value(binary.LeftOperand), Value(binary.RightOperand));

            case IConditionalOperation { WhenFalse: { } otherwise, IsRef: false } conditional:
                return new ConditionalCode(node, Value(conditional.Condition), Value(conditional.WhenTrue), Value(otherwise));

            case IInvocationOperation call:
                return Call(call);

            case IPropertyReferenceOperation { Instance: { } instance, Property.IsIndexer: true } indexed when ForwardMethods.IsTensor(indexed.Property.ContainingType):
                var at = new ArgumentCode("index", Value(indexed.Arguments[0].Value));
                return new TensorCode(node, "Item", EquatableArray.Of(Value(instance)), EquatableArray.Of(at));

            case IImplicitIndexerReferenceOperation { Instance.Type: { } type } part when ForwardMethods.IsTensor(type):
                return Part(part, node);

            case IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation } weight when ForwardMethods.IsTensor(weight.Property.Type):
                return new WeightCode(node, owner.Weight(weight.Property) ?? throw Unsupported(weight, "a Tensor property is a weight: put [Weight(shape)] on it"));

            case IPropertyReferenceOperation { Instance: { } instance } property when ForwardMethods.IsTensor(property.Property.ContainingType):
                return new TensorCode(node, property.Property.Name, EquatableArray.Of(Value(instance)), EquatableArray<ArgumentCode>.Empty);

            case IPropertyReferenceOperation { Instance: { Type.TypeKind: TypeKind.Array } array, Property.Name: "Length" }:
                return new LengthCode(node, Value(array));

            case IObjectCreationOperation { Constructor: { } constructor, Initializer: null } made:
                var key = owner.BlockKey(made, constructor.ContainingType, SiteOf(made));
                return new NewBlockCode(node, key, InOrder(made.Arguments).ToEquatableArray());

            case ITupleOperation { Type: INamedTypeSymbol { IsTupleType: true } items } tuple:
                return Typed(tuple, items);

            case IArrayCreationOperation { Initializer: { } initializer } creation:
                return Typed(node, initializer.ElementValues, (creation.Type as IArrayTypeSymbol)?.ElementType);

            case IArrayCreationOperation { Initializer: null, DimensionSizes.Length: 1, Type: IArrayTypeSymbol items } creation:
                return new NewArrayCode(node, Value(creation.DimensionSizes[0]), InitialItem(items.ElementType));

            case ICollectionExpressionOperation collection when collection.Elements.All(element => element is not ISpreadOperation):
                return Typed(node, collection.Elements, (collection.Type as IArrayTypeSymbol)?.ElementType);

            case IFieldReferenceOperation { Instance: { Type.IsTupleType: true } tuple } field:
                var item = (field.Field.CorrespondingTupleField ?? field.Field).Name.Substring("Item".Length);
                return new ElementCode(node, Value(tuple), new LiteralCode(node, int.Parse(item, CultureInfo.InvariantCulture) - 1));

            case IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation, Field.Type: INamedTypeSymbol block } field when Symbols.IsBlock(block):
                return Field(field);

            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return new ElementCode(node, Value(element.ArrayReference), Value(element.Indices[0]));

            case IInterpolatedStringOperation text:
                return new TextCode(node, text.Parts.Select(Part).ToEquatableArray());

            case IInvalidOperation:
                throw ReadFailure.ReportedByCompiler(operation);

            default:
                throw Unsupported(operation, Remedy(operation));
        }
    }

    /// <summary><c>x[^1]</c> and <c>x[a..b]</c>.</summary>
    private TensorCode Part(IImplicitIndexerReferenceOperation part, NodeReference node)
    {
        var operands = EquatableArray.Of(Value(part.Instance));
        if (part.Argument is not IRangeOperation range) return new(node, "Item", operands, EquatableArray.Of(new ArgumentCode("index", AxisPlace(part.Argument))));
        var arguments = new List<ArgumentCode>();
        if (range.LeftOperand is { } start) arguments.Add(new("start", AxisPlace(start)));
        if (range.RightOperand is { } end) arguments.Add(new("end", AxisPlace(end)));
        return new(node, "Range", operands, arguments.ToEquatableArray());
    }

    private AxisIndexCode AxisPlace(IOperation index) => index switch
    {
        IConversionOperation { OperatorMethod.Name: "op_Implicit" } fromStart => new(NodeOf(index), Value(fromStart.Operand), FromEnd: false),
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } fromEnd => new(NodeOf(index), Value(Plain(fromEnd.Operand)), FromEnd: true),
        _ => throw Unsupported(index, "write the index as a number, or as ^number"),
    };

    private static IOperation Plain(IOperation operation) => operation is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion ? conversion.Operand : operation;

    private FieldCode Field(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (!field.IsReadOnly) throw Unsupported(reference, "the block of a field stays the same: make the field readonly");
        if (MethodBodies.Find(field, owner.Compilation, owner.Cancellation) is null)
        {
            throw Unsupported(reference, $"create the block where the field is declared: '{field.Name} = new();'");
        }

        var isFrozen = field.GetAttributes().Any(attribute => Symbols.KindOf(attribute) == "Frozen");
        return new(NodeOf(reference), field.Name.TrimStart('_'), owner.NumberOf(field), isFrozen, Symbols.IsRecomputed(field));
    }

    private static bool IsKnown(IMethodSymbol? op) => op is null || ForwardMethods.IsTensor(op.ContainingType);

    private LiteralCode Literal(IOperation at, object value)
    {
        var node = NodeOf(at);
        if (at.Type is INamedTypeSymbol { TypeKind: TypeKind.Enum } type)
        {
            var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value));
            return new LiteralCode(node, member?.Name ?? throw Unsupported(at, $"write a member of {type.Name}"));
        }

        return value is int or float or double or bool or string ? new LiteralCode(node, value) : throw Unsupported(at, "use int, float, double, bool and string");
    }

    private Code Parameter(IParameterReferenceOperation reference)
    {
        var node = NodeOf(reference);
        if (variables.TryGetValue(reference.Parameter, out var number)) return new VariableCode(node, number);
        return SymbolEqualityComparer.Default.Equals(reference.Parameter.ContainingSymbol, owner.Constructor)
            ? new BlockParameterCode(node, reference.Parameter.Ordinal)
            : throw Unsupported(reference, "a Forward sees its own variables and the parameters of its block");
    }

    private Code Conversion(IConversionOperation conversion)
    {
        var operand = conversion.Operand;
        if (conversion.Type is not { } to || operand.Type is not { } from || from.TypeKind == TypeKind.Error) return FromLiteral(conversion);
        if (NumberTypeOf(to) is { } number && NumberTypeOf(from) is not null) return new ConvertCode(NodeOf(conversion), number, Value(operand));

        if (operand is ITupleOperation && to.IsTupleType) return Typed(operand, to);
        var keeps = conversion.Conversion.IsIdentity
            || (conversion.Conversion is { IsImplicit: true, IsNumeric: false, IsNullable: false, IsUserDefined: false } && !from.IsTupleType);
        return keeps && from.TypeKind != TypeKind.Dynamic && to.TypeKind != TypeKind.Dynamic
            ? Value(operand)
            : throw Unsupported(conversion, "use int, float, double, bool and string");
    }

    /// <summary>Whether an operand is a number, a Boolean or a string.</summary>
    private static bool IsBuildTime(IOperation operand)
    {
        while (operand is IConversionOperation { IsImplicit: true } conversion) operand = conversion.Operand;
        return operand.Type is { } type
            && (type.TypeKind == TypeKind.Enum || NumberTypeOf(type) is not null || type.SpecialType is SpecialType.System_Boolean or SpecialType.System_String);
    }

    /// <summary>Checks that a value, or both alternatives of a conditional expression, is a block.</summary>
    private static void RequireBlock(IOperation value)
    {
        switch (value)
        {
            case IConversionOperation { IsImplicit: true } conversion:
                RequireBlock(conversion.Operand);
                break;

            case IConditionalOperation { WhenFalse: { } otherwise } conditional:
                RequireBlock(conditional.WhenTrue);
                RequireBlock(otherwise);
                break;

            case { Type: { TypeKind: not TypeKind.Error } type } when LayerParser.WhyNotBlock(type as INamedTypeSymbol) is { } reason:
                throw new ReadFailure(Descriptors.NotABlock.Id, value, type.ToDisplayString(), reason);
        }
    }

    // A collection expression has no type.
    private Code FromLiteral(IConversionOperation conversion) =>
        conversion.Operand is IInvalidOperation || conversion.Type is null or { TypeKind: TypeKind.Error }
            ? throw ReadFailure.ReportedByCompiler(conversion)
            : Value(conversion.Operand);

    private static NumberType? NumberTypeOf(ITypeSymbol? type) => type?.SpecialType switch
    {
        SpecialType.System_Int32 => NumberType.Int,
        SpecialType.System_Single => NumberType.Float,
        SpecialType.System_Double => NumberType.Double,
        _ => null,
    };

    private static object? InitialItem(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 => 0,
        SpecialType.System_Single => 0f,
        SpecialType.System_Double => 0d,
        SpecialType.System_Boolean => false,
        _ => null,
    };

    private Code Part(IInterpolatedStringContentOperation part) => part switch
    {
        IInterpolatedStringTextOperation text => Value(text.Text),
        IInterpolationOperation value when !IsBuildTime(value.Expression) => throw Unsupported(value.Expression, OnlyBuildTime),
        IInterpolationOperation { FormatString: null, Alignment: null } value => Value(value.Expression),
        _ => throw Unsupported(part, "leave out format and alignment"),
    };

    private static string Remedy(IOperation operation) => operation switch
    {
        IFieldReferenceOperation { Field.IsStatic: true } => "its value is not known at build time: make it a const",
        IMemberReferenceOperation => "a Forward sees its variables, constants and the parameters of its block",
        IAssignmentOperation or IIncrementOrDecrementOperation => "write the assignment as a statement of its own",
        _ => "use methods and operators of Tensor, numbers, tuples, ?: and calls of methods that do so too",
    };
}
