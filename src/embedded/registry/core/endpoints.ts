import { isIP } from 'node:net';
import { asObjectList, asString, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { endpointsTable } from '../tables/networking-tables.ts';
import { validateAddress, validateNonSpecialAddress } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { protocols, validatePortNumber } from '../validation/ports.ts';

export const endpoints = defineResource(
  { group: '', version: 'v1', kind: 'Endpoints', plural: 'endpoints', shortNames: ['ep'] },
  {
    table: endpointsTable,
    createsOnUpdate: true,
    setDefaults(draft) {
      for (const subset of asObjectList(draft.subsets)) {
        for (const port of asObjectList(subset.ports)) setDefault(port, 'protocol', 'TCP');
      }
    },
    validate(draft, errors) {
      asObjectList(draft.subsets).forEach((subset, at) => {
        validateSubset(subset, `subsets[${at}]`, errors);
      });
    },
    deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  },
);

function validateSubset(subset: JsonObject, field: string, errors: FieldErrors): void {
  const lists = ['addresses', 'notReadyAddresses'] as const;
  if (lists.every((list) => asObjectList(subset[list]).length === 0)) {
    errors.required(field, 'must specify `addresses` or `notReadyAddresses`');
  }
  for (const list of lists) {
    asObjectList(subset[list]).forEach((address, at) => {
      const place = `${field}.${list}[${at}].ip`;
      const ip = asString(address.ip) ?? '';
      validateAddress(ip, place, errors);
      if (isIP(ip) === 0) errors.invalid(place, ip, 'must be a valid IP address');
      else validateNonSpecialAddress(ip, place, errors);
    });
  }
  const ports = asObjectList(subset.ports);
  ports.forEach((port, at) => {
    const place = `${field}.ports[${at}]`;
    const name = asString(port.name) ?? '';
    if (name !== '') errors.eachInvalid(`${place}.name`, name, problemsOfName(name, 'dns-label'));
    else if (ports.length > 1) errors.required(`${place}.name`);
    validatePortNumber(port.port, `${place}.port`, errors);
    errors.oneOf(`${place}.protocol`, port.protocol, protocols);
  });
}
