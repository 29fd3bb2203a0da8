import { type LongshoreBuilder, type TypeRef, typeRef } from 'longshore/sdk';
import type { TopologyGroup } from '../../services/managed-clusters/kinds.ts';

interface MachineDisk {
  readonly sizeGiB: number;
  readonly type: string | null;
}

export const machineDiskRef: TypeRef<MachineDisk> = typeRef<MachineDisk>('MachineDisk');

/** What a form said of a disk of a group's machines; null where the class decides, or says it in words of its own. */
export function diskOf(
  { variables }: Pick<TopologyGroup, 'variables'>,
  name: 'systemDisk' | 'dataDisk',
): MachineDisk | null {
  const said = variables?.overrides?.find((variable) => variable.name === name)?.value as
    | { readonly sizeGiB?: unknown; readonly type?: unknown }
    | undefined;
  if (typeof said?.sizeGiB !== 'number') return null;
  return { sizeGiB: said.sizeGiB, type: typeof said.type === 'string' ? said.type : null };
}

export function registerMachineDisk(builder: LongshoreBuilder): void {
  builder.objectType(machineDiskRef, {
    description: 'A disk that machines are made with (CMP-30).',
    fields: (t) => ({
      sizeGiB: t.exposeInt('sizeGiB', { description: 'Its size in GiB.' }),
      type: t.exposeString('type', {
        nullable: true,
        description: 'What its provider calls the type; null where the class decides.',
      }),
    }),
  });
}
