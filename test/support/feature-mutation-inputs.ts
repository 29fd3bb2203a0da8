type Row = () => Promise<object>;

let made = 0;

/** Inputs for the switches of clusters: each time another one than before. */
export const featureMutationInputs: Readonly<Record<string, Row>> = {
  updateClusterFeatures: async () => {
    made += 1;
    return { cluster: 'main', mesh: made % 2 === 1 ? false : null };
  },
};
