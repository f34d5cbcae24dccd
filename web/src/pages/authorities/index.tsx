export function AuthoritiesPage() { return <div className="page">authorities</div>; }
