import type { FieldBuilder, MutationSuccess } from 'longshore/sdk';

/** A move goes on while its mutation answers: how the disk stands by now is asked by its id. */
export const claimId = (t: FieldBuilder<MutationSuccess<string>>) => ({
  id: t.id({
    description: "Global id of the disk's claim, which is the same before and after.",
    resolve: ({ value }) => value,
  }),
});
