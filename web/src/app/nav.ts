import { BookText, ClipboardList, FileInput, FlaskConical, Map as MapIcon, PackageCheck, RadioTower, ScrollText, Settings2, Smartphone, Stamp, Users } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { Ability } from "../api/may";
import type { Messages } from "../messages/fr";

export interface Place {
  to: "/" | "/handsets" | "/plan" | "/wall" | "/imports" | "/studies" | "/custody" | "/register" | "/authorities" | "/audit" | "/people" | "/settings";
  name: keyof Messages["nav"];
  icon: LucideIcon;
  /** Any one of these opens it. */
  needs: readonly Ability[];
}

export const places: readonly { group: keyof Messages["nav"]; places: readonly Place[] }[] = [
  {
    group: "work",
    places: [
      { to: "/", name: "case", icon: MapIcon, needs: ["case"] },
      { to: "/handsets", name: "handsets", icon: Smartphone, needs: ["handsets"] },
      { to: "/plan", name: "plan", icon: ClipboardList, needs: ["plan"] },
      { to: "/wall", name: "wall", icon: RadioTower, needs: ["wall"] },
      { to: "/imports", name: "imports", icon: FileInput, needs: ["imports"] },
      { to: "/studies", name: "studies", icon: FlaskConical, needs: ["assess"] },
    ],
  },
  {
    group: "proof",
    places: [
      { to: "/custody", name: "custody", icon: PackageCheck, needs: ["custody"] },
      { to: "/register", name: "register", icon: BookText, needs: ["register"] },
      { to: "/authorities", name: "authorities", icon: Stamp, needs: ["authorities"] },
      { to: "/audit", name: "audit", icon: ScrollText, needs: ["audit"] },
    ],
  },
  {
    group: "office",
    places: [
      { to: "/people", name: "people", icon: Users, needs: ["people"] },
      { to: "/settings", name: "settings", icon: Settings2, needs: ["settings"] },
    ],
  },
];
