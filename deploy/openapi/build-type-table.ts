import { typePackages } from '../../src/embedded/openapi/type-names.ts';
import { hasModel, type Model, modelsOfApi, readModel } from './read-models.ts';
import { typeMarkers } from './type-markers.ts';

/** Model prefixes where two groups have types of one name. */
const prefixes: Readonly<Record<string, string>> = {
  'core/v1': 'Core',
  'discovery/v1': 'Discovery',
  'events/v1': 'Events',
  'storage/v1': 'Storage',
  'authentication/v1': 'Authentication',
  'rbac/v1': 'Rbac',
  'apiextensions/v1': 'Apiextensions',
  'apiregistration/v1': 'Apiregistration',
  'admissionregistration/v1': 'Admissionregistration',
};

/** The generated APIs whose models belong to a package; what several import belongs to the first, or is named below. */
const apis: Readonly<Record<string, string>> = {
  'core/v1': 'CoreV1Api',
  'apps/v1': 'AppsV1Api',
  'autoscaling/v1': 'AutoscalingV1Api',
  'autoscaling/v2': 'AutoscalingV2Api',
  'batch/v1': 'BatchV1Api',
  'networking/v1': 'NetworkingV1Api',
  'policy/v1': 'PolicyV1Api',
  'storage/v1': 'StorageV1Api',
  'rbac/v1': 'RbacAuthorizationV1Api',
  'discovery/v1': 'DiscoveryV1Api',
  'coordination/v1': 'CoordinationV1Api',
  'scheduling/v1': 'SchedulingV1Api',
  'node/v1': 'NodeV1Api',
  'authentication/v1': 'AuthenticationV1Api',
  'authorization/v1': 'AuthorizationV1Api',
  'certificates/v1': 'CertificatesV1Api',
  'events/v1': 'EventsV1Api',
  'admissionregistration/v1': 'AdmissionregistrationV1Api',
  'apiextensions/v1': 'ApiextensionsV1Api',
  'apiregistration/v1': 'ApiregistrationV1Api',
};

/** Models that belong elsewhere than where they are met first. */
const homes: Readonly<Record<string, string>> = {
  V1Scale: 'autoscaling/v1',
  V1ScaleSpec: 'autoscaling/v1',
  V1ScaleStatus: 'autoscaling/v1',
  V1Eviction: 'policy/v1',
  AuthenticationV1TokenRequest: 'authentication/v1',
  V1BoundObjectReference: 'authentication/v1',
  V1TokenRequestSpec: 'authentication/v1',
  V1TokenRequestStatus: 'authentication/v1',
  V1TopologySelectorLabelRequirement: 'core/v1',
  V1TopologySelectorTerm: 'core/v1',
};

/** Types of `meta.k8s.io` that the kinds use, besides those that their fields lead to. */
const metaModels = [
  'APIGroup',
  'APIGroupList',
  'APIResource',
  'APIResourceList',
  'APIVersions',
  'Condition',
  'DeleteOptions',
  'FieldSelectorRequirement',
  'GroupVersionForDiscovery',
  'LabelSelector',
  'LabelSelectorRequirement',
  'ListMeta',
  'ManagedFieldsEntry',
  'ObjectMeta',
  'OwnerReference',
  'Preconditions',
  'ServerAddressByClientCIDR',
  'ShardInfo',
  'Status',
  'StatusCause',
  'StatusDetails',
  'WatchEvent',
].map((name) => `V1${name}`);

export interface TypeTable {
  /** Structure by short type name, as `parseTypeLine` reads it. */
  readonly structure: Readonly<Record<string, string>>;
  /** The type's description and those of its fields in the order of the structure. */
  readonly descriptions: Readonly<Record<string, readonly string[]>>;
}

/** Builds the table of all served types from the client library's models and the markers that they lack. */
export async function buildTypeTable(): Promise<TypeTable> {
  const types = await collectTypes();
  const structure: Record<string, string> = {};
  const descriptions: Record<string, readonly string[]> = {};
  const unused = new Set(Object.keys(typeMarkers));
  for (const name of [...types.keys()].sort()) {
    const model = types.get(name);
    if (model === undefined) continue;
    unused.delete(name);
    const markers = readMarkers(typeMarkers[name] ?? '');
    const fields = [...model.fields].sort((a, b) => (a.name < b.name ? -1 : 1));
    const parts = fields.map((field) => {
      const tokens = markers.get(field.name) ?? [];
      markers.delete(field.name);
      const type = tokens.find((token) => token.startsWith(':'))?.slice(1) ?? field.type;
      const isRequired = tokens.includes('required') || (field.isRequired && !tokens.includes('optional'));
      const rest = tokens.filter((token) => !token.startsWith(':') && token !== 'optional' && token !== 'required');
      return [`${field.name}${isRequired ? '!' : ''} ${type}`, ...rest].join(' ');
    });
    const own = markers.get('@') ?? [];
    markers.delete('@');
    if (markers.size > 0) throw new Error(`${name} has no field ${[...markers.keys()].join(', ')}`);
    structure[name] = [...(own.length === 0 ? [] : [`@ ${own.join(' ')}`]), ...parts].join('; ');
    descriptions[name] = [model.description, ...fields.map((field) => field.description)];
  }
  // Types that the library does not have are written out in the markers: all their fields with their types.
  for (const name of unused) structure[name] = (typeMarkers[name] ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
  return { structure, descriptions };
}

async function collectTypes(): Promise<ReadonlyMap<string, Model>> {
  const types = new Map<string, Model>();
  const homeOf = new Map(Object.entries(homes));
  for (const model of metaModels) homeOf.set(model, 'meta/v1');
  for (const { alias } of typePackages) {
    const prefix = prefixes[alias];
    const pending = alias === 'meta/v1' ? [...metaModels] : apis[alias] === undefined ? [] : modelsOfApi(apis[alias]);
    const version = alias.slice(alias.indexOf('/') + 1);
    const modelPrefix = version.charAt(0).toUpperCase() + version.slice(1);
    const typeOf = (model: string): string => {
      if (!hasModel(model)) throw new Error(`there is no model ${model}`);
      const home = homeOf.get(model) ?? alias;
      homeOf.set(model, home);
      if (home === alias) pending.push(model);
      return `${home}.${localName(model)}`;
    };
    for (const [model, home] of homeOf) if (home === alias) pending.push(model);
    for (let model = pending.pop(); model !== undefined; model = pending.pop()) {
      const home = homeOf.get(model) ?? alias;
      const isOwn = model.startsWith(modelPrefix) || (prefix !== undefined && model.startsWith(prefix));
      if (home !== alias || !isOwn) continue;
      homeOf.set(model, alias);
      const name = `${alias}.${localName(model)}`;
      if (types.has(name)) continue;
      const placeholder = { description: '', fields: [] };
      types.set(name, placeholder);
      types.set(name, await readModel(model, typeOf));
    }
  }
  return types;
}

function localName(model: string): string {
  return model.replace(/^(?:[A-Z][a-z]+)?V\d+(?:(?:alpha|beta)\d+)?/, '');
}

/** `field token token; field token`: tokens by field; `@` stands for the type itself. */
function readMarkers(text: string): Map<string, string[]> {
  return new Map(
    text
      .split(';')
      .map((part) => part.trim().split(/\s+/))
      .filter(([field]) => field !== undefined && field !== '')
      .map(([field = '', ...tokens]) => [field.replace(/!$/, ''), tokens]),
  );
}
