import type { PlainObject, PlainValue } from '../plain-value.ts';
import type { Path } from '../to-plain-value.ts';
import { type Conversion, given, isObject, listAt, NotConvertible, objectAt, without } from './conversion.ts';

/**
 * An Ingress as networking.k8s.io/v1 has it: `spec.backend` is `spec.defaultBackend`, a backend names its service and port
 * as objects, and every path says how it is matched.
 */
export function convertIngress(conversion: Conversion): void {
  const { object, moves } = conversion;
  const spec = objectAt(object, 'spec');
  if (!isObject(object.spec)) return;
  const { backend } = spec;
  const rules = listAt(spec, 'rules').map((rule, index) => convertRule(rule, ['spec', 'rules', index], conversion));
  if (isObject(backend)) moves.push({ to: ['spec', 'defaultBackend'], from: ['spec', 'backend'] });
  conversion.object = {
    ...object,
    spec: {
      ...without(spec, 'backend'),
      ...given({
        defaultBackend: isObject(backend)
          ? convertBackend(backend, ['spec', 'backend'], ['spec', 'defaultBackend'], conversion)
          : undefined,
        rules: spec.rules === undefined ? undefined : rules,
      }),
    },
  };
}

function convertRule(rule: PlainValue, path: Path, conversion: Conversion): PlainValue {
  if (!isObject(rule) || !isObject(rule.http)) return rule;
  const { http } = rule;
  const paths = listAt(http, 'paths').map((each, index) =>
    convertPath(each, [...path, 'http', 'paths', index], conversion),
  );
  return { ...rule, http: { ...http, ...(http.paths === undefined ? {} : { paths }) } };
}

function convertPath(value: PlainValue, path: Path, conversion: Conversion): PlainValue {
  if (!isObject(value)) return value;
  const here = [...path, 'backend'];
  if (value.pathType === undefined) {
    conversion.remarks.push({
      path,
      code: 'path_type_added',
      message:
        'pathType is ImplementationSpecific, as it was where it was left out; Prefix and Exact mean the same everywhere',
    });
  }
  return {
    ...value,
    pathType: value.pathType ?? 'ImplementationSpecific',
    ...(isObject(value.backend) ? { backend: convertBackend(value.backend, here, here, conversion) } : {}),
  };
}

function convertBackend(backend: PlainObject, from: Path, to: Path, { moves }: Conversion): PlainObject {
  const { serviceName, servicePort } = backend;
  if (serviceName === undefined && servicePort === undefined) return backend;
  if (typeof serviceName !== 'string' || (typeof servicePort !== 'number' && typeof servicePort !== 'string'))
    throw new NotConvertible(from, 'A backend must have serviceName and servicePort');
  moves.push({ to: [...to, 'service', 'name'], from: [...from, 'serviceName'] });
  moves.push({ to: [...to, 'service', 'port'], from: [...from, 'servicePort'] });
  for (const name of ['number', 'name'])
    moves.push({ to: [...to, 'service', 'port', name], from: [...from, 'servicePort'] });
  // A port in quotes is a name, unless it is a number: names have a letter.
  const number = typeof servicePort === 'number' ? servicePort : /^\d+$/.test(servicePort) ? Number(servicePort) : null;
  const port: PlainObject = number === null ? { name: servicePort } : { number };
  return { ...without(backend, 'serviceName', 'servicePort'), service: { name: serviceName, port } };
}
