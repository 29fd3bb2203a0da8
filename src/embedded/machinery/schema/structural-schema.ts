import { asList, asObject, asObjectList, asString, type JsonObject } from '../json.ts';
import { compileGoPattern } from './go-pattern.ts';
import { stringFormat } from './string-formats.ts';

/**
 * An OpenAPI v3 schema as custom resources use it (apiextensions.k8s.io/v1), read once. Children are read when
 * somebody first asks for them: schemas that embed a pod have thousands, most objects touch few.
 */
export class StructuralSchema {
  readonly json: JsonObject;
  readonly type: string;
  /** What values may be; more than one for int-or-string, none where anything goes. */
  readonly types: readonly string[];
  /** Only formats that are checked for this type; all others count as none. */
  readonly format: string;
  readonly isNullable: boolean;
  /** Undefined where there is none. */
  readonly default: unknown;
  readonly preservesUnknown: boolean;
  readonly isEmbeddedResource: boolean;
  readonly isIntOrString: boolean;
  readonly listType: string | undefined;
  readonly listMapKeys: readonly string[];
  readonly isAtomicMap: boolean;
  /** Members besides `properties` are allowed, under `additional` if that is a schema. */
  readonly hasAdditional: boolean;
  readonly required: readonly string[];
  readonly enum: readonly unknown[];
  readonly #children = new Map<string, unknown>();

  constructor(json: JsonObject, overrides: { readonly isEmbeddedResource?: boolean } = {}) {
    this.json = json;
    this.type = asString(json.type) ?? '';
    this.isIntOrString = json['x-kubernetes-int-or-string'] === true;
    this.types = this.isIntOrString ? ['integer', 'string'] : this.type === '' ? [] : [this.type];
    this.format = checkedFormat(this.types.length === 1 ? this.type : '', asString(json.format) ?? '');
    this.isNullable = json.nullable === true;
    this.default = json.default ?? undefined;
    this.preservesUnknown = json['x-kubernetes-preserve-unknown-fields'] === true;
    this.isEmbeddedResource = overrides.isEmbeddedResource ?? json['x-kubernetes-embedded-resource'] === true;
    this.listType = asString(json['x-kubernetes-list-type']);
    this.listMapKeys = asList(json['x-kubernetes-list-map-keys']).map(String);
    this.isAtomicMap = json['x-kubernetes-map-type'] === 'atomic';
    this.hasAdditional = json.additionalProperties !== undefined && json.additionalProperties !== null;
    this.required = asList(json.required).map(String);
    this.enum = asList(json.enum);
  }

  get properties(): ReadonlyMap<string, StructuralSchema> {
    return this.#once('properties', () => {
      const found = new Map<string, StructuralSchema>();
      for (const [name, json] of Object.entries(asObject(this.json.properties) ?? {})) {
        found.set(name, new StructuralSchema(asObject(json) ?? {}));
      }
      return found;
    });
  }

  /** The schema of members that have no property of their own. */
  get additional(): StructuralSchema | undefined {
    return this.#child('additionalProperties');
  }

  get items(): StructuralSchema | undefined {
    return this.#child('items');
  }

  get not(): StructuralSchema | undefined {
    return this.#child('not');
  }

  get allOf(): readonly StructuralSchema[] {
    return this.#list('allOf');
  }

  get anyOf(): readonly StructuralSchema[] {
    return this.#list('anyOf');
  }

  get oneOf(): readonly StructuralSchema[] {
    return this.#list('oneOf');
  }

  /** Properties that bring a default. */
  get defaulted(): readonly (readonly [string, StructuralSchema])[] {
    return this.#once('defaulted', () => [...this.properties].filter(([, schema]) => schema.default !== undefined));
  }

  get pattern(): RegExp | undefined {
    const { pattern } = this.json;
    if (typeof pattern !== 'string' || pattern === '') return undefined;
    return this.#once('pattern', () => compileGoPattern(pattern));
  }

  /** A number of the schema, such as `maxLength`; undefined where it says none. */
  limit(name: string): number | undefined {
    const value = this.json[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** This schema at the root of an object, whose apiVersion, kind and metadata need no declaration. */
  get asRoot(): StructuralSchema {
    if (this.isEmbeddedResource) return this;
    return this.#once('root', () => new StructuralSchema(this.json, { isEmbeddedResource: true }));
  }

  /** The schema a member of an object here has; undefined where nothing is said of it. */
  member(name: string): StructuralSchema | undefined {
    return this.properties.get(name) ?? this.additional;
  }

  #child(name: string): StructuralSchema | undefined {
    const json = asObject(this.json[name]);
    return json === undefined ? undefined : this.#once(name, () => new StructuralSchema(json));
  }

  #list(name: string): readonly StructuralSchema[] {
    if (this.json[name] === undefined) return [];
    return this.#once(name, () => asObjectList(this.json[name]).map((json) => new StructuralSchema(json)));
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#children.has(name)) this.#children.set(name, make());
    return this.#children.get(name) as T;
  }
}

/** Whether a format is one that is checked for this type; others are ignored, with a warning at the definition. */
export function isRecognizedFormat(type: string, format: string): boolean {
  switch (type) {
    case '':
    case 'string':
      return stringFormat(format) !== undefined;
    case 'integer':
      return format === 'int32' || format === 'int64';
    case 'number':
      return format === 'float' || format === 'double';
    default:
      return false;
  }
}

function checkedFormat(type: string, format: string): string {
  return format !== '' && isRecognizedFormat(type, format) ? format : '';
}
