using System.Globalization;
using ModelDsl.Checkpoints;
using ModelDsl.Checkpoints.Rules;

namespace ModelDsl.Optimizers;

/// <summary>Which parameters are frozen, and by which factors the learning rates of others are multiplied. Of several rules for a parameter, the last is valid.</summary>
internal sealed class ParameterRules
{
    private readonly List<Rule> rules = [];

    /// <summary>How often the rules have changed.</summary>
    public int Version { get; private set; }

    /// <summary>Whether there are no rules.</summary>
    public bool IsEmpty => rules.Count == 0;

    /// <summary>Sets the factor of the learning rates of parameters.</summary>
    public void Scale(string pattern, double factor) => Add(new Rule(new NamePattern(pattern), factor, IsFreezing: false, IsFrozen: false));

    /// <summary>Freezes parameters, or ends that.</summary>
    public void Freeze(string pattern, bool isFrozen) => Add(new Rule(new NamePattern(pattern), 1, IsFreezing: true, isFrozen));

    /// <summary>Whether a parameter is frozen.</summary>
    public bool IsFrozen(string name) => rules.FindLast(rule => rule.IsFreezing && rule.Pattern.Match(name) is not null) is { IsFrozen: true };

    /// <summary>The factor of the learning rate of a parameter.</summary>
    public double FactorOf(string name) => rules.FindLast(rule => !rule.IsFreezing && rule.Pattern.Match(name) is not null)?.Factor ?? 1;

    /// <summary>Replaces the rules by copies of others.</summary>
    public void Set(ParameterRules other)
    {
        rules.Clear();
        rules.AddRange(other.rules);
        Version++;
    }

    /// <summary>Checks that each pattern matches a trainable parameter.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidOperationException">A pattern matches none.</exception>
    public void Check(Model model)
    {
        foreach (var rule in rules)
        {
            var matches = model.Parameters.Where(parameter => rule.Pattern.Match(parameter.Name) is not null).ToArray();
            if (matches.Any(static parameter => parameter.IsTrainable))
                continue;
            throw new InvalidOperationException($"{rule} matches no trainable parameter of {model.Description.Name}" + (matches.Length > 0
                ? $": '{matches[0].Name}' is frozen by its layer, and no optimizer changes it."
                : $".{Suggestion(rule, model)} A pattern is a name such as 'dense1.weight', the part of a name before a dot, or has * for any characters."));
        }
    }

    /// <summary>Adds the rules to a checkpoint.</summary>
    public void Save(CheckpointWriter writer)
    {
        writer.Write("count", rules.Count);
        foreach (var (index, rule) in rules.Index())
        {
            var section = writer.Section(index.ToString(CultureInfo.InvariantCulture));
            section.Write("pattern", rule.Pattern.ToString());
            section.Write("factor", rule.Factor);
            section.Write("isFreezing", rule.IsFreezing);
            section.Write("isFrozen", rule.IsFrozen);
        }
    }

    /// <summary>Replaces the rules by those of a checkpoint, if it has rules.</summary>
    public void Restore(CheckpointReader reader)
    {
        if (!reader.Contains("count"))
            return;
        rules.Clear();
        for (var index = 0; index < reader.GetInt64("count"); index++)
        {
            var section = reader.Section(index.ToString(CultureInfo.InvariantCulture));
            rules.Add(new Rule(new NamePattern(section.GetString("pattern")), section.GetDouble("factor"), section.GetBoolean("isFreezing"), section.GetBoolean("isFrozen")));
        }

        Version++;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", rules);

    private void Add(Rule added)
    {
        rules.RemoveAll(rule => rule.IsFreezing == added.IsFreezing && (rule.Pattern.ToString() == added.Pattern.ToString() || added.Pattern.ToString() == "*"));
        rules.Add(added);
        Version++;
    }

    /// <summary>Names the parameter, or the part of a name before a dot, that is most similar to a pattern.</summary>
    private static string Suggestion(Rule rule, Model model)
    {
        var names = model.Parameters.Where(static parameter => parameter.IsTrainable).SelectMany(static parameter => Beginnings(parameter.Name)).Distinct();
        return NearestName.Find(rule.Pattern.ToString().Replace("*", "", StringComparison.Ordinal), names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
    }

    private static IEnumerable<string> Beginnings(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
            yield return name[..dot];
        yield return name;
    }

    private sealed record Rule(NamePattern Pattern, double Factor, bool IsFreezing, bool IsFrozen)
    {
        public override string ToString() => !IsFreezing ? string.Create(CultureInfo.InvariantCulture, $"Scale(\"{Pattern}\", {Factor})") : $"{(IsFrozen ? "Freeze" : "Unfreeze")}(\"{Pattern}\")";
    }
}
