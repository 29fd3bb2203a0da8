import type { ServiceRef } from '../../kernel/service-ref.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { origin } from '../../kube/kube-object.ts';
import type { LongshoreBuilder } from '../builder.ts';
import type { DeletionCheck } from '../deletions/deletion-check.ts';
import type { DownloadSource } from '../downloads/download-source.ts';
import type { ChangeGuard } from '../guards/change-guard.ts';
import type { AnyKubeObject } from '../kubernetes/kubernetes-object-ref.ts';
import type { MutationSpec } from '../makers/mutation/mutation-spec.ts';
import type { ManifestCheck } from '../manifests/manifest-check.ts';
import type { NameCheck } from '../names/name-check.ts';
import type { AnyNode } from '../nodes/node-ref.ts';
import type { LoadOperationPage } from '../operations-field.ts';
import type { RequestContext } from '../request-context.ts';
import type { TimelineSource } from '../timeline/timeline-source.ts';
import type { UploadTarget } from '../uploads/upload-target.ts';

/** The type of Kubernetes objects that no plugin has given one of their own. */
export const genericObjectTypeName = 'GenericKubernetesObject';

/** Who may call a root field: an action on subjects, or everybody for a stated reason. */
export type RootFieldGuard =
  | { readonly action: string; readonly subjects: readonly string[] }
  | { readonly public: string };

export interface RootField {
  readonly type: 'Query' | 'Mutation' | 'Subscription';
  readonly name: string;
  readonly plugin: string;
  readonly guard: RootFieldGuard;
}

/** Loads rows of one type by key, in the order of the keys; null for what is not there or not for this caller. */
export type RowLoader = (keys: readonly string[], context: RequestContext) => Promise<readonly (AnyNode | null)[]>;

/** What plugins told while they registered: read at run time to find types, loaders and guards. */
export interface SchemaRegistry {
  /** The plugin whose schema functions run now; the host sets it. */
  plugin: string;
  /** By subject, e.g. `apps/Deployment`. */
  readonly kinds: Map<string, { readonly kind: KindRef; readonly typeName: string; readonly plugin: string }>;
  /** By `plugin|Type`. */
  readonly rowLoaders: Map<string, RowLoader>;
  /** By `Query.pods`. */
  readonly rootFields: Map<string, RootField>;
  /** By name: what is known of each mutation besides its root field. */
  readonly mutations: Map<string, MutationSpec<never, never, never>>;
  /** Rules of all plugins for objects that come as text. */
  readonly manifestChecks: ManifestCheck[];
  /** Rules of all plugins for objects that go away. */
  readonly deletionChecks: DeletionCheck[];
  /** What watches over objects of all kinds; complete before the first plugin registers its schema. */
  readonly changeGuards: ChangeGuard[];
  /** Sources of timelines by name. */
  readonly timelines: Map<string, TimelineSource>;
  /** What is handed out as files, by the name of the tickets' purpose. */
  readonly downloads: Map<string, DownloadSource>;
  /** Kinds of files that are taken, by the name of their tickets' purpose. */
  readonly uploads: Map<string, UploadTarget>;
  /** By what gets the name, e.g. `CONFIG_MAP`; complete before the first plugin registers its schema. */
  readonly nameChecks: Map<string, NameCheck>;
  /** Ids of the services that plugins provide; complete before the first plugin registers its schema. */
  readonly provided: Set<string>;
  /** Pages of operation records, of the plugin that has their type. */
  loadOperationPage: LoadOperationPage | undefined;
  typeNameOf(object: AnyKubeObject): string;
}

const registries = new WeakMap<LongshoreBuilder, SchemaRegistry>();

export function registryOf(builder: LongshoreBuilder): SchemaRegistry {
  let registry = registries.get(builder);
  if (!registry) {
    registry = createRegistry();
    registries.set(builder, registry);
  }
  return registry;
}

/**
 * Whether a plugin that is loaded provides a service (`services` of its manifest): for fields and enum members that are there only with it. One
 * whose `setup` has failed is said to provide it all the same; what it is asked then is a `CapabilityMissingError`.
 */
export const isProvided = (builder: LongshoreBuilder, { id }: Pick<ServiceRef<unknown>, 'id'>): boolean =>
  registryOf(builder).provided.has(id);

function createRegistry(): SchemaRegistry {
  const kinds: SchemaRegistry['kinds'] = new Map();
  return {
    plugin: '',
    kinds,
    rowLoaders: new Map(),
    timelines: new Map(),
    downloads: new Map(),
    uploads: new Map(),
    rootFields: new Map(),
    mutations: new Map(),
    nameChecks: new Map(),
    provided: new Set(),
    manifestChecks: [],
    deletionChecks: [],
    changeGuards: [],
    loadOperationPage: undefined,
    typeNameOf: (object) => kinds.get(subjectOf(object[origin]))?.typeName ?? genericObjectTypeName,
  };
}
