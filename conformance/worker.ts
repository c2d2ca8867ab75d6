/** A process that runs one check, and sends what came of it to the one that started it. */
import { CHECKS } from './checks';

const [name, part] = process.argv.slice(2);

void CHECKS[name](part).then((outcomes) => process.send!(outcomes, () => process.disconnect()));

// At the end, and if the other is stopped: what still runs here is stopped too.
process.once('disconnect', () => process.exit());
