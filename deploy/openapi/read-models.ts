import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One property of a model as the client library knows it. */
export interface ModelField {
  readonly name: string;
  /** In the words of the type table: `string`, `[]core/v1.Container`, `{}string`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface Model {
  readonly description: string;
  readonly fields: readonly ModelField[];
}

interface RawField {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** Where the installed client library keeps its generated code. */
const generated = join(
  dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node/package.json')),
  'dist/gen',
);

/** The models that one generated API imports: the kinds of its group and what they share with others. */
export function modelsOfApi(api: string): string[] {
  const text = readFileSync(join(generated, 'apis', `${api}.d.ts`), 'utf8');
  return [...text.matchAll(/^import \{ (\w+) \} from '\.\.\/models\//gm)].map((match) => match[1] ?? '');
}

export function hasModel(name: string): boolean {
  return modelNames.has(name);
}

const modelNames = new Set(
  readdirSync(join(generated, 'models'))
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -'.d.ts'.length)),
);

/** Reads a model: types from the code, descriptions and what is required from the declarations. */
export async function readModel(name: string, typeOf: (model: string) => string): Promise<Model> {
  const module = (await import(join(generated, 'models', `${name}.js`))) as Record<
    string,
    { getAttributeTypeMap(): readonly RawField[] }
  >;
  const raw = module[name]?.getAttributeTypeMap() ?? [];
  const declaration = readFileSync(join(generated, 'models', `${name}.d.ts`), 'utf8');
  const [head = '', body = ''] = declaration.split(`export declare class ${name} {`);
  const declared = new Map<string, { isRequired: boolean; description: string }>();
  for (const [, comment, field, optional] of body.matchAll(
    /(?:\/\*\*([^\n]*\n(?:(?! {4}\*\/)[^\n]*\n)*?) {4}\*\/\n)? {4}'(\w+)'(\??):/g,
  )) {
    declared.set(field ?? '', { isRequired: optional !== '?', description: textOf(comment ?? '') });
  }
  return {
    description: textOf(head.slice(head.lastIndexOf('/**') + 3).replace(/\*\/\s*$/, '')),
    fields: raw.map(({ baseName, type, format }, at) => {
      const own = [...declared.values()][at];
      if (own === undefined) throw new Error(`${name}.${baseName} is not declared`);
      return { name: baseName, type: translate(type, format, typeOf), ...own };
    }),
  };
}

function translate(type: string, format: string, typeOf: (model: string) => string): string {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return `[]${translate(list, format, typeOf)}`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (map !== undefined) return `{}${translate(map, format, typeOf)}`;
  switch (type) {
    case 'string':
      return format === 'byte' ? 'byte' : 'string';
    case 'number':
      return format === '' ? 'number' : format;
    case 'boolean':
    case 'any':
      return type;
    case 'Date':
      return 'time';
    case 'V1MicroTime':
      return 'micro-time';
    case 'IntOrString':
      return 'int-or-string';
    default:
      return typeOf(type);
  }
}

/** The words of a doc comment, with the escapes of the generator undone. */
function textOf(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*\s?/, ''))
    .join('\n')
    .trim()
    .replaceAll(/\\(["'])/g, '$1')
    .replaceAll('\\&', '&')
    .replaceAll('&#39;', "'");
}
