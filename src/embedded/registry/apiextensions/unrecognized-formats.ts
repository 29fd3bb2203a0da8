import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { isRecognizedFormat } from '../../machinery/schema/structural-schema.ts';

/** Formats that schemas of the definition name and nobody checks, in order. */
export function unrecognizedFormats(spec: JsonObject): string[] {
  return asObjectList(spec.versions).flatMap((version) =>
    formatsIn(asObject(asObject(version.schema)?.openAPIV3Schema)),
  );
}

function formatsIn(schema: JsonObject | undefined): string[] {
  if (schema === undefined) return [];
  const format = asString(schema.format) ?? '';
  const own = format === '' || isRecognizedFormat(asString(schema.type) ?? '', format) ? [] : [format];
  const below = [
    asObject(schema.items),
    ...['allOf', 'anyOf', 'oneOf'].flatMap((junctor) => asObjectList(schema[junctor])),
    asObject(schema.not),
    ...Object.values(asObject(schema.properties) ?? {}).map(asObject),
    asObject(schema.additionalProperties),
  ];
  return [...own, ...below.flatMap(formatsIn)];
}
