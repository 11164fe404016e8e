/** A shape of an AWS service model: https://smithy.io/2.0/spec/, in the older form that AWS' clients bring along. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
}

export interface Model {
  readonly operations: Readonly<
    Record<string, { readonly input?: { readonly shape: string }; readonly output?: { readonly shape: string } }>
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** What in a JSON value is not as the model has it, a line each; times are epoch seconds in AWS' JSON protocol. */
export function violations(model: Model, operation: string, side: "input" | "output", value: unknown): string[] {
  const shape = model.operations[operation]?.[side]?.shape;
  return shape === undefined ? [`there is no ${side} of ${operation}`] : problemsOf(model, shape, value, operation);
}

function problemsOf(model: Model, name: string, value: unknown, path: string): string[] {
  const shape = model.shapes[name];
  if (!shape) return [`${path}: the model has no shape ${name}`];
  const problem = (what: string) => [`${path}: ${what}, where ${name} is asked for`];
  switch (shape.type) {
    case "structure": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return problem("no object");
      const members = shape.members ?? {};
      const missing = (shape.required ?? [])
        .filter((key) => !(key in value))
        .map((key) => `${path}: ${key} is missing`);
      const own = Object.entries(value).flatMap(([key, one]) => {
        const member = members[key];
        return member ? problemsOf(model, member.shape, one, `${path}.${key}`) : [`${path}: ${key} is unknown`];
      });
      return [...missing, ...own];
    }
    case "list": {
      if (!Array.isArray(value)) return problem("no list");
      if (shape.max !== undefined && value.length > shape.max) return problem(`${value.length} items`);
      const member = shape.member?.shape ?? "";
      return value.flatMap((one, index) => problemsOf(model, member, one, `${path}[${index}]`));
    }
    case "string": {
      if (typeof value !== "string") return problem("no text");
      if (shape.enum && !shape.enum.includes(value)) return problem(`"${value}"`);
      const [least, most] = [shape.min ?? 0, shape.max ?? Number.POSITIVE_INFINITY];
      return value.length < least || value.length > most ? problem(`${value.length} characters`) : [];
    }
    case "integer":
    case "long":
      return Number.isInteger(value) && (value as number) >= (shape.min ?? Number.NEGATIVE_INFINITY)
        ? []
        : problem("no such integer");
    case "double":
    case "float":
    case "timestamp":
      return typeof value === "number" ? [] : problem("no number");
    case "boolean":
      return typeof value === "boolean" ? [] : problem("no truth value");
    default:
      return problem(`a ${shape.type} is not looked into here`);
  }
}
