import { measureAll, withBuilt } from './runs';
import { OURS, L2, L2_MINIMIZED } from './sharing';
void withBuilt(async () => {
  for (const [v, m] of await measureAll([OURS, L2, L2_MINIMIZED], 100, 200, 3)) console.log(v.name, JSON.stringify(m));
});
