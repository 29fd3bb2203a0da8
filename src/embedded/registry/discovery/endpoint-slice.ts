import { asList, asObjectList, asString, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { endpointSliceTable } from '../tables/networking-tables.ts';
import { validateAddress } from '../validation/addresses.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { protocols } from '../validation/ports.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];

export const endpointSlices = defineResource(
  { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices' },
  {
    table: endpointSliceTable,
    generation: 'all-but-metadata',
    createsOnUpdate: true,
    setDefaults(draft) {
      for (const port of asObjectList(draft.ports)) {
        setDefault(port, 'name', '');
        setDefault(port, 'protocol', 'TCP');
      }
      draft.endpoints ??= [];
      draft.ports ??= [];
    },
    validate(draft, errors) {
      const type = draft.addressType;
      if (type === undefined || type === '') errors.required('addressType');
      else if (!addressTypes.includes(String(type))) errors.notSupported('addressType', type, addressTypes);
      validatePorts(draft.ports, errors);
      asObjectList(draft.endpoints).forEach((endpoint, at) => {
        validateEndpoint(endpoint, String(type), `endpoints[${at}]`, errors);
      });
    },
    validateUpdate(draft, current, errors) {
      if (draft.addressType !== current.addressType) {
        errors.invalid('addressType', draft.addressType, 'field is immutable');
      }
    },
  },
);

function validatePorts(list: unknown, errors: FieldErrors): void {
  const names = new Set<string>();
  asObjectList(list).forEach((port, at) => {
    const name = asString(port.name) ?? '';
    if (name !== '') errors.eachInvalid(`ports[${at}].name`, name, problemsOfName(name, 'dns-label'));
    if (names.has(name)) errors.duplicate(`ports[${at}].name`, name);
    names.add(name);
    errors.oneOf(`ports[${at}].protocol`, port.protocol, protocols);
  });
}

function validateEndpoint(endpoint: JsonObject, type: string, field: string, errors: FieldErrors): void {
  const addresses = asList(endpoint.addresses);
  if (addresses.length === 0) errors.required(`${field}.addresses`, 'must contain at least 1 address');
  addresses.forEach((address, at) => {
    const place = `${field}.addresses[${at}]`;
    if (type === 'FQDN') errors.eachInvalid(place, address, problemsOfName(String(address), 'dns-subdomain'));
    else validateAddress(address, place, errors);
  });
}
