import { asList, asObject, type JsonObject } from '../../machinery/json.ts';
import { type Shape, untypedShape } from '../../machinery/shape.ts';
import { shapeOfType } from '../../openapi/shape-of-type.ts';

/** What every object has, whether the schema says so or not. */
const headers = new Set(['apiVersion', 'kind', 'metadata']);

/** How objects of a structural schema merge, from its `x-kubernetes-*` markers (apiextensions.k8s.io/v1). */
export function shapeOfSchema(schema: JsonObject): Shape {
  const root = shapeOf(schema);
  const metadata = shapeOfType('meta/v1.ObjectMeta');
  return {
    ...root,
    declares: (name) => headers.has(name) || root.declares?.(name) === true,
    field: (name) => (name === 'metadata' ? metadata : root.field(name)),
  };
}

function shapeOf(schema: JsonObject): Shape {
  const listType = schema['x-kubernetes-list-type'];
  const items = asObject(schema.items) ?? {};
  const itemProperties = asObject(items.properties) ?? {};
  const properties = asObject(schema.properties) ?? {};
  const additional = asObject(schema.additionalProperties);
  return {
    list: listType === 'map' || listType === 'set' ? listType : 'atomic',
    keys: asList(schema['x-kubernetes-list-map-keys']).map((name) => ({
      name: String(name),
      default: asObject(itemProperties[String(name)])?.default,
    })),
    isAtomic: schema['x-kubernetes-map-type'] === 'atomic',
    declares: (name) => Object.hasOwn(properties, name),
    field(name) {
      const property = Object.hasOwn(properties, name) ? asObject(properties[name]) : additional;
      return property === undefined ? untypedShape : shapeOf(property);
    },
    get item() {
      return shapeOf(items);
    },
  };
}
