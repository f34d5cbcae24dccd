/** Where the prisons are, and what is to be expected in each. */
import type { FacilityDot } from "../../api/types";
import { Panel } from "../../design/ui";
import { useWords } from "../../i18n/words";
import { Country } from "./country";
import { Facilities } from "./facilities";

export default function Places({ dots }: { dots: FacilityDot[] }) {
  const { m } = useWords();
  return (
    <div className="columns">
      <Panel title={m.case.map} hint={m.case.mapHint} flush className="span-5">
        <Country dots={dots} />
      </Panel>
      <Panel title={m.case.facilities} flush className="span-7 case-list">
        <Facilities dots={dots} />
      </Panel>
    </div>
  );
}
