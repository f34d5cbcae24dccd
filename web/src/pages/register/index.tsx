export function RegisterPage() { return <div className="page">register</div>; }
