import { type ManifestCheck, type ManifestMisfit, subjectOf, systemPrincipal } from 'longshore/sdk';
import { persistentVolumeKind } from '../../api.ts';
import { handleKey } from './volume-facts.ts';

interface Written {
  readonly spec?: { readonly csi?: { readonly driver?: unknown; readonly volumeHandle?: unknown } };
}

/** Two volumes of one handle are one disk, which two claims would write at once: also not by a text (STO-05). */
export const volumeManifestCheck: ManifestCheck = {
  subjects: [subjectOf(persistentVolumeKind)],
  async check({ cluster, name, object, existing, beside }, context) {
    const key = keyOf(object);
    if (existing || key === undefined) return [];
    const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
    const [other] = (await reader.byIndex(persistentVolumeKind, 'handle', key)).filter(
      (row) => row.metadata.name !== name,
    );
    const twin = beside?.find(({ kind, object: made }) => kind.kind === 'PersistentVolume' && keyOf(made) === key);
    const taken = other?.metadata.name ?? twin?.name;
    return taken === undefined ? [] : [misfit(taken)];
  },
};

function keyOf(object: object): string | undefined {
  const { driver, volumeHandle } = (object as Written).spec?.csi ?? {};
  return typeof driver === 'string' && typeof volumeHandle === 'string' ? handleKey(driver, volumeHandle) : undefined;
}

const misfit = (name: string): ManifestMisfit => ({
  path: ['spec', 'csi', 'volumeHandle'],
  code: 'taken',
  message: `volumeHandle is that of the PersistentVolume '${name}' already: a disk belongs to one volume`,
});
