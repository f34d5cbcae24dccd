/** Who is there: nobody (the sign-in), or somebody (the pages). */
import { useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { me } from "../api/queries";
import { Failed, Loading } from "../design/states";
import { Askers } from "./askers";
import { Invitation } from "./invitation";
import { MeContext } from "./me";
import { router } from "./router";
import { SignIn } from "./sign-in";

export function Office() {
  const query = useQuery(me);
  if (query.data === undefined) {
    return <main>{query.isError ? <Failed error={query.error} retry={() => void query.refetch()} /> : <Loading />}</main>;
  }
  if (location.pathname === "/invitation") return <Invitation />;
  if (query.data === null) return <SignIn />;
  return (
    <MeContext value={query.data}>
      <Askers />
      <RouterProvider router={router} />
    </MeContext>
  );
}
